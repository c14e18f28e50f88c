import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { channel, error, ok, type PushRequest, type ServerChannel } from '../../lib/server/index.ts'
import { lines, runCli, runOnTerminal, runShell } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'
import { until } from './support/until.ts'

afterEach(closeServers)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rx-phoenix-'))
})
afterEach(() => rm(folder, { recursive: true }))

const ndjson = (count: number, from = 1): string =>
  Array.from({ length: count }, (_, i) => `{"n":${i + from}}\n`).join('')

/** A channel that leaves every push unanswered until the test answers it. */
const held = () => {
  const pushes: { n: number; request: PushRequest; channel: ServerChannel }[] = []
  const definition = channel({
    handleIn: (_event, payload, channel, request) => {
      pushes.push({ n: (payload as { n: number }).n, request, channel })
    },
  })
  return { pushes, channels: { 'room:*': definition } }
}

describe('rx-phoenix pipe', () => {
  it('pushes every line, several at a time, and reports the outcome', async () => {
    const { pushes, channels } = held()
    const { url } = await serve(channels)
    const cli = await runCli(['pipe', url, 'room:a', 'save', '--concurrency', '4', '--replies'])
    cli.stdin.end(`${ndjson(19)}\n\n{"n":20}`)

    for (let answered = 0; answered < 20; answered += 4) {
      await until(() => pushes.length === answered + 4)
      for (const { n, request } of pushes.slice(answered)) request.reply(ok({ n }))
    }
    const { code, stdout, stderr } = await cli.ended
    expect(pushes.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(lines(stdout)).toHaveLength(20)
    expect(lines(stdout).at(-1)).toEqual({ line: 22, reply: { n: 20 } })
    expect(stderr).toMatch(/20 lines: 20 acknowledged, 0 dead, 0 retried, [\d,]+\/s\n$/)
    expect(code).toBe(0)
  })

  it('reads no further than it can push, and at Ctrl-C waits for the answers that are due', async () => {
    const { pushes, channels } = held()
    const { url } = await serve(channels)
    const cli = await runCli(['pipe', url, 'room:a', 'save', '--concurrency', '2'])
    cli.stdin.write(ndjson(10_000))
    await until(() => pushes.length === 2)
    cli.process.kill('SIGINT')
    await cli.written(/Read up to line 2; waiting up to \d+ ms for 2 in flight/)
    for (const { request } of pushes) request.reply(ok())

    const { code, stderr } = await cli.ended
    expect(pushes).toHaveLength(2)
    expect(stderr).toContain('2 lines: 2 acknowledged')
    expect(code).toBe(130)
  })

  it('ends immediately at a second signal', async () => {
    const { pushes, channels } = held()
    const { url } = await serve(channels)
    const cli = await runCli(['pipe', url, 'room:a', 'save'])
    cli.stdin.write(ndjson(1))
    await until(() => pushes.length === 1)
    cli.process.kill('SIGTERM')
    cli.process.kill('SIGINT')
    const { code, stderr } = await cli.ended
    expect([130, 143]).toContain(code)
    expect(stderr).not.toContain('1 dead')
  })

  describe('asked to end while the server is away', () => {
    const letters = async (file: string): Promise<readonly unknown[]> => lines(await readFile(file, 'utf8'))
    const unsent = { name: 'Interrupted', sent: false }
    const unknown = { name: 'Interrupted', sent: true }

    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('puts aside what waits for the reconnect (%s)', async (signal, expected) => {
      const { pushes, channels } = held()
      const { server, url } = await serve(channels)
      const file = join(folder, 'dead.ndjson')
      const cli = await runCli(['pipe', url, 'room:a', 'save', '-c', '3', '--dead-letters', file])
      cli.stdin.write(ndjson(2))
      await until(() => pushes.length === 2)
      pushes[0]?.request.reply(ok())
      await server.close()
      await cli.written(/connection: .*Next try in/)
      cli.stdin.write(ndjson(8, 3))
      // Nothing shows that a line waits for the connection but that it is read: the last one cannot be.
      await cli.written(/Next try in[^]*Next try in/)
      cli.process.kill(signal)

      const { code, stderr } = await cli.ended
      expect(await letters(file)).toMatchObject([
        { input: { n: 2 }, error: unknown, attempts: 1 },
        { input: { n: 3 }, error: unsent, attempts: 0 },
        { input: { n: 4 }, error: unsent, attempts: 0 },
      ])
      expect(stderr).toMatch(/Read up to line 4; 3 in flight cannot be answered, since the server is away/)
      expect(stderr).toMatch(/4 lines: 1 acknowledged, 3 dead/)
      expect(code).toBe(expected)
    })

    it('puts aside what waits for the first connection', async () => {
      // Takes connections, and answers none of them.
      const mute = createServer().listen(0, '127.0.0.1')
      const taken: Socket[] = []
      mute.on('connection', (socket) => taken.push(socket.on('error', () => undefined)))
      await once(mute, 'listening')
      const { port } = mute.address() as AddressInfo
      const file = join(folder, 'dead.ndjson')
      const url = `ws://127.0.0.1:${port}/socket`
      const cli = await runCli(['pipe', url, 'room:a', 'save', '-c', '2', '--dead-letters', file])
      cli.stdin.write(ndjson(3))
      await until(() => taken.length === 1)
      cli.process.kill('SIGINT')

      expect((await cli.ended).code).toBe(130)
      expect(await letters(file)).toMatchObject([
        { input: { n: 1 }, error: unsent },
        { input: { n: 2 }, error: unsent },
      ])
      for (const socket of taken) socket.destroy()
      mute.close()
    })

    it.each(['websocket', 'longpoll'])(
      'puts aside what a server that hangs does not answer (%s)',
      async (transport) => {
        const { pushes, channels } = held()
        const { url } = await serve(channels, { longpoll: true })
        const file = join(folder, 'dead.ndjson')
        const flags = ['-c', '2', '--timeout', '3600', '--transport', transport, '--dead-letters', file]
        const cli = await runCli(['pipe', url, 'room:a', 'save', ...flags])
        cli.stdin.write(ndjson(3))
        await until(() => pushes.length === 2)
        cli.process.kill('SIGTERM')

        const { code, stderr } = await cli.ended
        expect(await letters(file)).toMatchObject([
          { input: { n: 1 }, error: unknown },
          { input: { n: 2 }, error: unknown },
        ])
        expect(stderr).toContain('2 lines: 0 acknowledged, 2 dead')
        expect(code).toBe(143)
      },
    )
  })

  it.each([
    ['--text', ['--text'], 'text'],
    ['--key', ['--key', 'body'], 'body'],
  ])(
    'pushes plain lines with %s, and puts them aside in a form that can be piped again',
    async (_flag, flags, key) => {
      const pushed: unknown[] = []
      const { url } = await serve({
        'room:*': channel({
          handleIn: (_event, payload) => {
            pushed.push(payload)
            return pushed.length === 2 ? error({ reason: 'full' }) : ok()
          },
        }),
      })
      const file = join(folder, 'dead.ndjson')
      const cli = await runCli(['pipe', url, 'room:a', 'save', '-c', '1', '--dead-letters', file, ...flags])
      cli.stdin.end('one "quoted"\r\n\n{"n":2}\n  three')
      const { code } = await cli.ended
      expect(pushed).toEqual([{ [key]: 'one "quoted"' }, { [key]: '{"n":2}' }, { [key]: '  three' }])
      expect(lines(await readFile(file, 'utf8'))).toMatchObject([{ line: 3, input: { [key]: '{"n":2}' } }])
      expect(code).toBe(5)
    },
  )

  it('retries pushes lost with the connection, and waits while the server is down', async () => {
    const { pushes, channels } = held()
    const { server, url } = await serve(channels)
    const cli = await runCli(['pipe', url, 'room:a', 'save', '--concurrency', '1'])
    cli.stdin.end(ndjson(3))
    await until(() => pushes.length === 1)
    await server.close()
    await cli.written(/connection: .*Next try in/)
    await serve(channels, { port: server.port })
    for (const received of [2, 3, 4]) {
      await until(() => pushes.length === received)
      pushes.at(-1)?.request.reply(ok())
    }
    const { code, stderr } = await cli.ended
    expect(pushes.map(({ n }) => n)).toEqual([1, 1, 2, 3])
    expect(stderr).toContain('3 lines: 3 acknowledged, 0 dead, 1 retried')
    expect(code).toBe(0)
  })

  it('does not push again what may have arrived, with --at-most-once', async () => {
    const { pushes, channels } = held()
    const { server, url } = await serve(channels)
    const cli = await runCli(['pipe', url, 'room:a', 'save', '-c', '1', '--at-most-once'])
    cli.stdin.end(ndjson(2))
    await until(() => pushes.length === 1)
    server.connections()[0]?.kill()
    await until(() => pushes.length === 2)
    pushes[1]?.request.reply(ok())

    const { code, stderr } = await cli.ended
    expect(stderr).toContain('line 1: ConnectionLost')
    expect(pushes.map(({ n }) => n)).toEqual([1, 2])
    expect(code).toBe(5)
  })

  it('writes dead letters for refusals, crashes and invalid JSON, in a form that can be piped again', async () => {
    const saved: unknown[] = []
    const { url } = await serve({
      'room:*': channel({
        handleIn: (_event, payload) => {
          const { n } = payload as { n: number }
          if (n === 2) return error({ reason: 'full' })
          saved.push(n)
          return ok()
        },
      }),
    })
    const file = join(folder, 'dead.ndjson')
    const cli = await runCli(['pipe', url, 'room:a', 'save', '--dead-letters', file, '-q', '-c', '1'])
    cli.stdin.end('{"n":1}\n{"n":2}\n{"n":\n{"n":4}\n')
    const { code, stderr } = await cli.ended
    expect(lines(await readFile(file, 'utf8'))).toEqual([
      {
        line: 2,
        input: { n: 2 },
        error: {
          name: 'PushRefused',
          message: expect.stringContaining('full') as string,
          status: 'error',
          response: { reason: 'full' },
        },
        attempts: 1,
      },
      {
        line: 3,
        text: '{"n":',
        error: { name: 'SyntaxError', message: 'the line is not JSON' },
        attempts: 0,
      },
    ])
    expect(saved).toEqual([1, 4])
    expect({ code, stderr }).toMatchObject({ code: 5, stderr: expect.stringContaining('2 dead') as string })
  })

  it('gives up on a line after --push-retries, and continues with the next', async () => {
    const { server, url } = await serve({
      'room:*': channel({
        handleIn: (_event, payload) => {
          if ((payload as { n: number }).n === 1) throw new Error('a bug')
          return ok()
        },
      }),
    })
    const cli = await runCli(['pipe', url, 'room:a', 'save', '-c', '1', '--push-retries', '1'])
    cli.stdin.end(ndjson(2))
    const { code, stderr } = await cli.ended
    expect(stderr).toContain('line 1: ChannelCrashed')
    expect(stderr).toContain('2 lines: 1 acknowledged, 1 dead, 1 retried')
    expect({ code, left: server.subscribers('room:a') }).toEqual({ code: 5, left: 0 })
  })

  it('sends without waiting where no answer is to come', async () => {
    const { pushes, channels } = held()
    const { url } = await serve(channels)
    const cli = await runCli(['pipe', url, 'room:a', 'note', '--no-reply'])
    cli.stdin.end(ndjson(500))
    const { code, stderr } = await cli.ended
    expect(pushes.map(({ n }) => n)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1))
    expect(stderr).toContain('500 lines: 500 sent')
    expect(code).toBe(0)
  })

  it('fails if the join is refused, and writes dead letters for lines already read', async () => {
    const { url } = await serve({ 'room:*': channel({ join: () => error({ reason: 'members only' }) }) })
    const file = join(folder, 'dead.ndjson')
    const cli = await runCli(['pipe', url, 'room:a', 'save', '--dead-letters', file, '-c', '2'])
    cli.stdin.write(ndjson(100))
    const { code, stderr } = await cli.ended
    expect(stderr).toContain('members only')
    expect(lines(await readFile(file, 'utf8'))).toMatchObject([
      { input: { n: 1 }, error: { name: 'JoinRefused' } },
      { input: { n: 2 }, error: { name: 'JoinRefused' } },
    ])
    expect(code).toBe(4)
  })

  it('writes dead letters for pushes in flight when the server closes the channel', async () => {
    const { pushes, channels } = held()
    const { url } = await serve(channels)
    const cli = await runCli(['pipe', url, 'room:a', 'save', '-c', '2'])
    cli.stdin.write(ndjson(100))
    await until(() => pushes.length === 2)
    pushes[0]?.channel.stop()
    const { code, stderr } = await cli.ended
    expect(stderr).toMatch(
      /line 1: ChannelClosed[^]*line 2: ChannelClosed[^]*2 lines: 0 acknowledged, 2 dead/,
    )
    expect(code).toBe(5)
  })

  it('shows a bar on a terminal, and replies where they are wanted', async () => {
    const { pushes, channels } = held()
    const { url } = await serve(channels)
    const [input, output] = [join(folder, 'in'), join(folder, 'out')]
    await writeFile(input, ndjson(4))
    const cli = await runOnTerminal(`$CLI pipe ${url} room:a save -c 2 --replies < ${input} > ${output}`)
    await cli.written(/█{10}░{10} +50 % 2 in flight/)
    for (const received of [2, 4]) {
      await until(() => pushes.length === received)
      for (const { request } of pushes.slice(-2)) request.reply(ok())
    }
    expect((await cli.ended).code).toBe(0)
    expect(lines(await readFile(output, 'utf8'))).toHaveLength(4)
  })

  it('ends quietly when the reader of the replies has gone', async () => {
    const { url } = await serve({ 'room:*': channel({ handleIn: () => ok() }) })
    const endless = `while true; do echo '{"n":1}'; done`
    const cli = await runShell(
      `set -o pipefail; { ${endless}; } 2>/dev/null | $CLI pipe ${url} room:a save --replies -q | head -n 1; echo "\${PIPESTATUS[1]}"`,
    )
    const { stdout } = await cli.ended
    expect(stdout).toMatch(/^\{"line":\d+,"reply":\{\}\}\n0\n$/)
  })
})
