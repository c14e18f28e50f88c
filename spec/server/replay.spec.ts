import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { recordings } from './replay/recording.ts'
import { replay } from './replay/replay.ts'

describe('the embedded server answers as the recorded Phoenix server did', () => {
  let app: ContractApp
  beforeAll(async () => {
    app = await startContractApp()
  })
  afterAll(() => app.close())

  it.each(recordings().map((recording) => [recording.name, recording] as const))(
    '%s',
    async (_name, recording) => {
      await expect(replay(recording, app.port)).resolves.toBeUndefined()
    },
  )
})
