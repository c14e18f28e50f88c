import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { recordings } from './replay/recording.ts'
import { isTimed, replay } from './replay/replay.ts'

const untimed = recordings().filter(({ name }) => !isTimed(name))

describe('the embedded server answers as the recorded Phoenix server did', () => {
  let app: ContractApp
  beforeAll(async () => {
    app = await startContractApp()
  })
  afterAll(() => app.close())

  it.each(untimed.map((recording) => [recording.name, recording] as const))(
    '%s',
    async (_name, recording) => {
      await expect(replay(recording, app.port)).resolves.toBeUndefined()
    },
  )
})
