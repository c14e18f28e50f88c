import { admits } from '../../lib/cli/inspect/admission.ts'
import { readCommand } from '../../lib/cli/inspect/read-command.ts'
import { channel, ok, refuse } from '../../lib/server/index.ts'
import { lines, runCli, type RunningCli } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'

const PATH = '/secret'
const OWN = { host: '127.0.0.1:4321', origin: 'http://127.0.0.1:4321', 'content-type': 'application/json' }

describe('what the page of rx-phoenix inspect answers', () => {
  it.each([
    ['the page', 'GET', '/secret/', { host: OWN.host }, true],
    ['the page by the other name of this machine', 'GET', '/secret/', { host: 'localhost:4321' }, true],
    ['a command of the page', 'POST', '/secret/do', OWN, true],
    ['a guess', 'GET', '/guess!/', { host: OWN.host }, false],
    ['a path that only begins so', 'GET', '/secretly/', { host: OWN.host }, false],
    ['a shorter path', 'GET', '/', { host: OWN.host }, false],
    ['a name that was made to lead here', 'GET', '/secret/', { host: 'evil.example:4321' }, false],
    ['another port', 'GET', '/secret/', { host: '127.0.0.1:80' }, false],
    ['no host', 'GET', '/secret/', {}, false],
    ['a page of another origin', 'GET', '/secret/events', { ...OWN, origin: 'https://evil.example' }, false],
    ['a page without an origin', 'GET', '/secret/events', { ...OWN, origin: 'null' }, false],
    ['a command of another origin', 'POST', '/secret/do', { ...OWN, origin: 'http://127.0.0.1:80' }, false],
    ['a command from nowhere', 'POST', '/secret/do', { ...OWN, origin: undefined }, false],
    ['a form', 'POST', '/secret/do', { ...OWN, 'content-type': 'text/plain' }, false],
    ['another method', 'PUT', '/secret/do', OWN, false],
  ])('is, to %s: %s %s', (_what, method, url, headers, expected) => {
    expect(admits({ method, url, headers }, PATH, 4321)).toBe(expected)
  })

  it.each([
    ['no JSON', '{'],
    ['no object', 'null'],
    ['no topic', '{"do":"leave"}'],
    ['params that are a list', '{"do":"join","topic":"a","params":[]}'],
    ['a push without an event', '{"do":"push","topic":"a","payload":{},"reply":true}'],
    ['something unknown', '{"do":"stop","topic":"a"}'],
  ])('is nothing for %s', (_what, text) => {
    expect(readCommand(text)).toBeUndefined()
  })
})

describe('rx-phoenix inspect', () => {
  afterEach(closeServers)

  const started = async (url: string): Promise<{ readonly cli: RunningCli; readonly address: string }> => {
    const cli = await runCli(['inspect', url, 'room:a', '--no-open'])
    let stdout = ''
    cli.child.stdout.on('data', (text: string) => (stdout += text))
    await cli.written(/"url":".*"\}\n/)
    return { cli, address: (lines(stdout)[0] as { readonly url: string }).url }
  }

  it('serves a page, carries out its commands, sends it what happens, and ends at SIGINT', async () => {
    const echo = channel({ join: () => ok(), handleIn: (_event, payload) => ok(payload) })
    const { cli, address } = await started((await serve({ 'room:*': echo })).url)
    const ask = async (command: object): Promise<unknown> => {
      const answer = await fetch(`${address}do`, {
        method: 'POST',
        headers: { origin: new URL(address).origin, 'content-type': 'application/json' },
        body: JSON.stringify(command),
      })
      return answer.json()
    }
    const page = await fetch(address)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
    expect(await page.text()).toContain('<script type="module" src="page.js">')
    const push = { do: 'push', event: 'echo', payload: { n: 1 }, reply: true }
    expect(await ask({ ...push, topic: 'room:a' })).toEqual({ ok: true, response: { n: 1 } })
    expect(await ask({ ...push, topic: 'room:b' })).toEqual({
      ok: false,
      error: '"room:b" is not joined here; join it first.',
    })
    expect(await ask({ do: 'join', topic: '', params: {} })).toMatchObject({ ok: false })

    const told = (await fetch(`${address}events`)).body?.pipeThrough(new TextDecoderStream()).getReader()
    let heard = ''
    while (!heard.includes('"channels"')) heard += (await told?.read())?.value ?? ''
    expect(heard).toContain('data: {"reset":true}')
    expect(heard).toContain('{\\"n\\":1}')
    expect(heard).toContain('{"topic":"room:a","status":"joined"}')
    cli.process.kill('SIGINT')
    expect(await cli.ended).toMatchObject({ code: 130 })
  })

  it('ends with 3 when the server refuses the connection', async () => {
    const { url } = await serve({}, { connect: () => refuse() })
    const { cli } = await started(url)
    expect(await cli.ended).toMatchObject({ code: 3 })
  })
})
