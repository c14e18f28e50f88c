import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { recordings } from './replay/recording.ts'
import { isTimed, replay } from './replay/replay.ts'

const timed = recordings().filter(({ name }) => isTimed(name))

// In a file of their own, since they take their time and run beside the others so.
describe('the embedded server closes as the recorded Phoenix server did', () => {
  let app: ContractApp
  beforeAll(async () => {
    app = await startContractApp()
  })
  afterAll(() => app.close())

  it.each(timed.map((recording) => [recording.name, recording] as const))('%s', async (_name, recording) => {
    await expect(replay(recording, app.port)).resolves.toBeUndefined()
  })
})
