import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { jest } from '@jest/globals'
import { build } from 'esbuild'
import { WebSocket } from 'ws'
import { type ContractApp, startContractApp } from '../../contract-app/index.ts'

interface LiveStateClient extends EventTarget {
  readonly state: Readonly<Record<string, unknown>>
  readonly stateVersion: number
  connect(): void
  disconnect(): void
  pushEvent(name: string, detail: unknown): void
}
type LiveStateClass = new (config: object) => LiveStateClient

/** phx-live-state imports without file extensions, which only a bundler understands; its elements are left out. */
const bundled = async (folder: string): Promise<LiveStateClass> => {
  const outfile = join(folder, 'live-state.mjs')
  const require = createRequire(import.meta.url)
  await build({
    entryPoints: [join(dirname(require.resolve('phx-live-state')), 'LiveState.js')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    logLevel: 'error',
  })
  const module = (await import(pathToFileURL(outfile).href)) as { LiveState: LiveStateClass }
  return module.LiveState
}

describe('phx-live-state', () => {
  let app: ContractApp
  let folder: string
  let LiveState: LiveStateClass
  let client: LiveStateClient
  beforeAll(async () => {
    folder = await mkdtemp(join(process.cwd(), 'node_modules', '.phx-live-state-'))
    LiveState = await bundled(folder)
  }, 30_000)
  afterAll(() => rm(folder, { recursive: true }))
  beforeEach(async () => {
    jest.spyOn(console, 'debug').mockImplementation(() => undefined) // the client tells of each join
    app = await startContractApp()
  })
  afterEach(async () => {
    client.disconnect()
    await app.close()
    jest.restoreAllMocks()
  })

  const connected = (topic: string, params: object = {}): LiveStateClient => {
    client = new LiveState({
      url: `${app.url}/live_state`,
      topic,
      params,
      // Events get no reply; the client keeps a timer for each all the same, which outlives the connection.
      socketOptions: { transport: WebSocket, timeout: 900 },
    })
    client.connect()
    return client
  }
  const heard = (type: string): Promise<unknown> =>
    new Promise((resolve) => {
      client.addEventListener(
        type,
        (event) => {
          resolve((event as CustomEvent).detail)
        },
        { once: true },
      )
    })

  it('gets the state and follows its patches', async () => {
    connected('todos:real')
    expect(await heard('livestate-change')).toEqual({
      state: { todos: [], count: 0, filter: null },
      version: 0,
    })
    client.pushEvent('add', { text: 'milk' })
    expect(await heard('livestate-change')).toEqual({
      state: { todos: [{ id: 1, text: 'milk', done: false }], count: 1, filter: null },
      version: 1,
    })
    client.pushEvent('prepend', { text: 'first' })
    await heard('livestate-change')
    client.pushEvent('remove_first', {})
    await heard('livestate-change')
    expect(client.state).toEqual({ todos: [{ id: 1, text: 'milk', done: false }], count: 1, filter: null })
  })

  it('wraps its version around', async () => {
    connected('wrap:real')
    await heard('livestate-change')
    for (const version of [1, 2, 3, 0, 1]) {
      client.pushEvent('inc', {})
      expect(await heard('livestate-change')).toEqual(expect.objectContaining({ version }))
    }
  })

  it('gets events and errors of the server', async () => {
    connected('todos:events')
    await heard('livestate-change')
    const notified = heard('notified')
    client.pushEvent('notify', { hello: 1 })
    expect(await notified).toEqual({ hello: 1 })
    client.disconnect()

    connected('todos:failing', { init_error: 'string' })
    expect(await heard('livestate-error')).toEqual({ message: 'init failed' })
  })
})
