import { once } from 'node:events'
import { type WebSocket } from 'ws'
import { type BareServer, bareServer } from '../transport/bare-server.ts'
import { runCli, runOnTerminal } from './support/run-cli.ts'

const ESCAPE = '\u001b'
const CTRL_C = '\u0003'

/** What the server saw of one connection, in order. */
const seen: string[] = []
let server: BareServer

/** Joins everything, as Phoenix does, and takes note. */
const takeNote = (socket: WebSocket): void => {
  socket.on('message', (data: Buffer) => {
    const [joinRef, ref, topic, event] = JSON.parse(data.toString()) as (string | null)[]
    seen.push(`${String(event)} ${String(topic)}`)
    socket.send(JSON.stringify([joinRef, ref, topic, 'phx_reply', { status: 'ok', response: {} }]))
  })
  void once(socket, 'close').then(([code]) => seen.push(`closed with ${String(code)}`))
}

beforeEach(async () => {
  seen.length = 0
  server = await bareServer({ onSocket: takeNote })
})
afterEach(() => server.close())

const ORDERLY_END = [
  'phx_join room:a',
  'phx_join room:b',
  'phx_leave room:a',
  'phx_leave room:b',
  'closed with 1000',
]

describe('a command on a terminal', () => {
  it('leaves its channels and closes with 1000 at Ctrl-C, and exits with 130', async () => {
    const cli = await runOnTerminal(`$CLI tail ${server.url} room:a room:b`)
    await cli.written(/room:b: .*joined/)
    cli.stdin.write(CTRL_C)
    const { code } = await cli.ended
    expect({ code, seen }).toEqual({ code: 130, seen: ORDERLY_END })
  })

  it('is coloured, unless NO_COLOR is set', async () => {
    const cli = await runOnTerminal(`$CLI tail ${server.url} room:a`)
    await cli.written(/joined/)
    cli.stdin.write(CTRL_C)
    expect((await cli.ended).stdout).toContain(`${ESCAPE}[32mroom:a: joined${ESCAPE}[0m`)

    const plain = await runOnTerminal(`$CLI tail ${server.url} room:a`, { NO_COLOR: '1' })
    await plain.written(/joined/)
    plain.stdin.write(CTRL_C)
    const { stdout } = await plain.ended
    expect(stdout).toContain('room:a: joined')
    expect(stdout).not.toContain(`${ESCAPE}[32m`)
  })
})

describe('a command without a terminal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends as orderly at %s, and uses no colours',
    async (signal) => {
      const cli = await runCli(['tail', server.url, 'room:a', 'room:b'])
      await cli.written(/room:b: joined/)
      cli.process.kill(signal)
      const { stdout, stderr } = await cli.ended
      expect(seen).toEqual(ORDERLY_END)
      expect(stdout + stderr).not.toContain(ESCAPE)
    },
  )

  it('does not wait for standard input once it is to end', async () => {
    const cli = await runCli(['push', server.url, 'room:a', 'echo', '-'])
    await cli.written(/room:a: joined/)
    cli.process.kill('SIGINT')
    expect((await cli.ended).code).toBe(130)
  })
})
