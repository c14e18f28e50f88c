import { channel, error, ok } from '../../lib/server/index.ts'
import { lines, runCli } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'

afterEach(closeServers)

const echo = channel({ handleIn: (_event, payload) => ok(payload) })

describe('rx-phoenix push', () => {
  it('prints the response and ends', async () => {
    const { url } = await serve({ 'room:*': echo })
    const cli = await runCli(['push', url, 'room:a', 'echo', '{"a":1}'])
    const { code, stdout } = await cli.ended
    expect(lines(stdout)).toEqual([{ a: 1 }])
    expect(code).toBe(0)
  })

  it('reads the payload from standard input', async () => {
    const { url } = await serve({ 'room:*': echo })
    const json = await runCli(['push', url, 'room:a', 'echo', '-'])
    json.stdin.end('{"a":\n2}\n')
    const bytes = await runCli(['push', url, 'room:a', 'echo', '-', '--binary'])
    bytes.stdin.end(Buffer.of(255, 0))
    expect(lines((await json.ended).stdout)).toEqual([{ a: 2 }])
    expect(lines((await bytes.ended).stdout)).toEqual([{ base64: '/wA=' }])
  })

  it('does not wait for the reply to an event without one', async () => {
    const heard: unknown[] = []
    const { url } = await serve({
      'room:*': channel({
        handleIn: (event, payload) => {
          heard.push([event, payload])
        },
      }),
    })
    const { code, stdout } = await (await runCli(['push', url, 'room:a', 'note', '[1]', '--no-reply'])).ended
    expect({ code, stdout, heard }).toEqual({ code: 0, stdout: '', heard: [['note', [1]]] })
  })

  it('shows the response of a refusal, and exits with 5', async () => {
    const { url } = await serve({ 'room:*': channel({ handleIn: () => error({ reason: 'full', left: 0 }) }) })
    const { code, stdout, stderr } = await (await runCli(['push', url, 'room:a', 'save'])).ended
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toContain('with status "error": full.\n  {"reason":"full","left":0}\n')
  })

  it('exits with 3 at the first failure to connect, or the last of --retries', async () => {
    const { server, url } = await serve({ 'room:*': echo })
    await server.close()
    const once = await (await runCli(['push', url, 'room:a', 'echo'])).ended
    expect(once.code).toBe(3)
    expect(once.stderr).toContain('ConnectionFailed')
    const thrice = await (await runCli(['push', url, 'room:a', 'echo', '--retries', '2'])).ended
    expect(thrice.code).toBe(3)
    expect(thrice.stderr.match(/Next try in/g)).toHaveLength(2)
  })
})
