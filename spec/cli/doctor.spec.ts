import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { channel, error, ok, refuse, type SocketDefinition } from '../../lib/server/index.ts'
import { type BareServer, bareServer, refuse as answer } from '../transport/bare-server.ts'
import { lines, runCli } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'

interface Finding {
  readonly check: string
  readonly verdict: string
  readonly found: string
  readonly cause?: string
  readonly fix?: string
}

let bare: BareServer | undefined
afterEach(async () => {
  await closeServers()
  await bare?.close()
  bare = undefined
})

const room = { 'room:*': channel({}) }

const examine = async (
  url: string,
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; findings: readonly Finding[]; last: Finding | undefined }> => {
  const { code, stdout, stderr } = await (await runCli(['doctor', url, '--json', ...flags], env)).ended
  expect(stdout + stderr).not.toContain('hush')
  const findings = lines(stdout) as readonly Finding[]
  return { code, findings, last: findings.at(-1) }
}

describe('rx-phoenix doctor', () => {
  it('finds nothing wrong with a socket that works, and exits with 0', async () => {
    const { url } = await serve(room, { longpoll: true })
    const { code, findings } = await examine(url, ['--topic', 'room:a'])
    expect(findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'url ok',
      'dns ok',
      'tcp ok',
      'websocket ok',
      'heartbeat ok',
      'vsn ok',
      'origin note',
      'longpoll ok',
      'join ok',
    ])
    expect(code).toBe(0)
  })

  it('prints the same findings in words', async () => {
    const { url } = await serve(room)
    const { code, stdout, stderr } = await (await runCli(['doctor', `${url}x`])).ended
    expect(stdout).toMatch(
      /^problem {2}websocket {2}refused with HTTP status 404\n +cause +no socket is mounted/m,
    )
    expect({ code, stderr }).toEqual({ code: 1, stderr: '1 problem\n' })
  })

  it('finds the path at which a socket answers', async () => {
    const { server } = await serve(room)
    expect(
      (await examine(`${server.url.replace('ws://', 'ws://hush:hush@')}/sockets?key=hush`)).last,
    ).toMatchObject({
      check: 'websocket',
      found: 'refused with HTTP status 404',
      fix: expect.stringContaining(`use ${server.url}/socket,`) as string,
    })
  })

  const door = (admits: (info: Parameters<NonNullable<SocketDefinition['connect']>>[0]) => boolean) => ({
    connect: (info: Parameters<NonNullable<SocketDefinition['connect']>>[0]) =>
      admits(info) ? undefined : refuse(),
  })

  it.each<[string, Partial<SocketDefinition>, readonly string[], RegExp]>([
    [
      'the origin',
      { checkOrigin: ['https://good'] },
      ['--header', 'Origin=https://bad'],
      /origin https:\/\/bad/,
    ],
    ['the version', door(({ params }) => params['vsn'] === '1.0.0'), [], /does not speak version 2\.0\.0/],
    [
      'the token',
      { authToken: true, ...door(({ authToken }) => !authToken) },
      ['--token-env', 'T'],
      /this auth token/,
    ],
    ['the params', door(({ params }) => !params['key']), ['--param-env', 'key=T'], /these params/],
    ['everybody', door(() => false), [], /connect\/3 of the socket returned :error/],
    ['tokens at all', {}, ['--token-env', 'T'], /did not take the sub-protocol/],
  ])('finds out that it is %s that the server refuses', async (_what, definition, flags, cause) => {
    const { url } = await serve(room, definition)
    const { code, last } = await examine(url, flags, { T: 'hush' })
    expect(last).toMatchObject({ check: 'websocket', verdict: 'problem' })
    expect(last?.cause).toMatch(cause)
    expect(code).toBe(1)
  })

  it.each([
    ['502 Bad Gateway', /the application behind it is down/],
    ['301 Moved Permanently', /a redirect/],
    ['200 OK', /without WebSocket support/],
    ['400 Bad Request', /a proxy on the way removed them/],
    ['429 Too Many Requests', /too many attempts/],
  ])('explains %s', async (status, cause) => {
    bare = await bareServer({ onUpgrade: answer(status) })
    expect((await examine(bare.url)).last?.cause).toMatch(cause)
  })

  it('reports a WebSocket server that is not Phoenix', async () => {
    bare = await bareServer()
    expect((await examine(bare.url, ['--timeout', '0.5'])).last).toMatchObject({
      check: 'heartbeat',
      verdict: 'problem',
      cause: expect.stringContaining('not a Phoenix socket') as string,
    })
  })

  it('reports a closed port, one without TLS, a name without address, and an invalid URL', async () => {
    const listener = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end('SSH-2.0\r\n', () => socket.destroy())
    }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    expect((await examine(`wss://127.0.0.1:${port}/socket`)).last).toMatchObject({
      check: 'tls',
      verdict: 'problem',
    })
    expect((await examine(`ws://127.0.0.1:${port}/socket`)).last?.cause).toContain('not a web server')
    await new Promise((resolve) => listener.close(resolve))
    expect((await examine(`ws://127.0.0.1:${port}/socket`)).last?.cause).toBe('nothing listens there')
    expect((await examine('ws://no-such-host.invalid/socket')).last).toMatchObject({
      check: 'dns',
      verdict: 'problem',
    })
    expect((await examine('ftp://hush@h/')).last).toMatchObject({ check: 'url', verdict: 'problem' })
  })

  it('joins with the params that the channel asks for', async () => {
    const asks = channel({
      join: (params) =>
        (params as { pin?: string }).pin === 'hush' ? ok() : error({ reason: 'members only' }),
    })
    const { url } = await serve({ 'room:*': asks })
    const flags = ['--topic', 'room:a', '--join-params', '{"a":1}', '--join-param-env', 'pin=PIN']
    const { code, last } = await examine(url, flags, { PIN: 'hush' })
    expect(last).toMatchObject({ check: 'join', verdict: 'ok' })
    expect(code).toBe(0)
  })

  it('reports a refused join, and an idle timeout that is too short', async () => {
    const { url } = await serve(
      { 'room:*': channel({ join: () => error({ reason: 'members only' }) }) },
      { websocket: { idleTimeoutMs: 300 } },
    )
    const { code, findings } = await examine(url, ['--topic', 'room:a', '--idle', '20'])
    expect(findings.find(({ check }) => check === 'join')?.found).toContain('members only')
    expect(findings.at(-1)).toMatchObject({ check: 'idle', verdict: 'warning' })
    expect(findings.at(-1)?.found).toMatch(/of silence with code 1002/)
    expect(code).toBe(1)
  })
})
