import { readFileSync } from 'node:fs'
import { phoenixServer, type PhoenixServer, type ServerOptions } from '../../lib/server/index.ts'
import * as exported from '../../lib/server/index.ts'
import { rawClient, reply } from './raw-client.ts'

const page = readFileSync(new URL('../../docs/server.md', import.meta.url), 'utf8')
const blocks = Array.from(page.matchAll(/```ts\n(.*?)```/gs), ([, code = '']) => code)

/** The code of the page with its import line taken away; what it imports is passed in. */
const run = (code: string, given: object): unknown => {
  const body = code.replace(/^import .*$/gm, '').replace(/^console.*$/gm, '')
  const source = `return (async () => { ${body}; return server })()`
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code is that of our own page
  const evaluate = new Function(...Object.keys(given), source) as (...values: unknown[]) => unknown
  return evaluate(...(Object.values(given) as unknown[]))
}

describe('docs/server.md', () => {
  let server: PhoenixServer | undefined
  afterEach(() => server?.close())

  it('begins with a channel that works', async () => {
    const anyPort = (options: ServerOptions): Promise<PhoenixServer> =>
      phoenixServer({ ...options, port: 0, trace: () => undefined })
    server = (await run(blocks[0] ?? '', { ...exported, phoenixServer: anyPort })) as PhoenixServer
    const client = await rawClient(`${server.url}/socket/websocket?vsn=2.0.0`)
    client.send(['1', '1', 'room:lobby', 'phx_join', {}])
    expect(await client.next()).toEqual(reply('1', '1', 'room:lobby', 'ok', { welcome: 'room:lobby' }))
    client.send(['1', '2', 'room:lobby', 'new_msg', { body: 'hi' }])
    expect(await client.next()).toEqual([null, null, 'room:lobby', 'new_msg', { body: 'hi' }])
    client.send(['1', '3', 'room:lobby', 'ping', {}])
    expect(await client.next()).toEqual(reply('1', '3', 'room:lobby', 'ok', { pong: true }))
  })

  it('names only what is exported', () => {
    const names = [
      'accept',
      'refuse',
      'ok',
      'error',
      'reply',
      'stop',
      'channel',
      'presence',
      'liveStateChannel',
      'next',
      'randomFaults',
      'phoenixServer',
      'resumable',
      'memoryLog',
      'onceByKey',
      'memoryAnswers',
    ]
    expect(Object.keys(exported).sort()).toEqual(names.sort())
  })
})
