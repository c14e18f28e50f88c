import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type AxeResults } from 'axe-core'
import { type Browser, type Page } from 'playwright-core'
import { channel, error, liveStateChannel, next, ok, presence } from '../../lib/server/index.ts'
import { lines, runCli, type RunningCli } from '../cli/support/run-cli.ts'
import { closeServers, serve } from '../cli/support/server.ts'
import { ROOT } from '../support/run-script.ts'
import { running } from '../support/running.ts'
import { startChromium } from './support/chromium.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const screenshots = join(ROOT, 'temp/screenshots')

const SESSION = `{"session":"rx-phoenix","version":1,"url":"ws://localhost/socket","vsn":"2.0.0","recordedAt":"2026-01-01T00:00:00Z"}
{"atMs":1,"connection":1,"type":"open"}
{"atMs":2,"connection":1,"type":"out","text":"[\\"1\\",\\"1\\",\\"room:a\\",\\"phx_join\\",{}]"}
{"atMs":12,"connection":1,"type":"in","text":"[\\"1\\",\\"1\\",\\"room:a\\",\\"phx_reply\\",{\\"status\\":\\"ok\\",\\"response\\":{}}]"}
{"atMs":40,"connection":1,"type":"in","text":"[null,null,\\"room:a\\",\\"news\\",{\\"html\\":\\"</script><script>document.title='owned'</script>\\"}]"}
{"atMs":900,"connection":1,"type":"close","cause":"ConnectionClosed","code":1006}
`

const app = () => {
  const presences = presence()
  return {
    'room:*': channel({
      join: (params, each) => {
        if ('refuse' in Object(params)) return error({ reason: 'not today' })
        each.send('joined')
        return ok(params)
      },
      handleInfo: (_message, each) => {
        presences.track(each, 'ann', {})
        presences.pushState(each)
      },
      handleIn: (event, payload) => (event === 'echo' ? ok(payload) : error({ reason: 'unknown' })),
    }),
    'counter:*': liveStateChannel<{ clicks: number }>({
      dialect: 'live-state',
      init: () => ok({ clicks: 0 }),
      handleEvent: (_name, _payload, state) => next({ clicks: state.clicks + 1 }),
    }),
  }
}

describe('rx-phoenix inspect', () => {
  const browser: () => Browser = running(startChromium)
  let page: Page
  let cli: RunningCli | undefined
  let address: string

  const inspect = async (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const { url } = await serve(app(), { authToken: true })
    cli = await runCli(['inspect', url, '--no-open', ...args], env)
    let stdout = ''
    cli.child.stdout.on('data', (text: string) => (stdout += text))
    await cli.written(/"url":".*"\}\n/)
    address = (lines(stdout)[0] as { readonly url: string }).url
    await page.goto(address)
  }
  const timeline = () => page.locator('rx-phoenix-inspector')
  const channels = () => page.locator('section', { has: page.getByRole('heading', { name: 'Channels' }) })
  const pushing = () => page.locator('section', { has: page.getByRole('heading', { name: 'Push' }) })
  const sees = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor()

  beforeEach(async () => {
    page = await (await browser().newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  })
  afterEach(async () => {
    await page.context().close()
    cli?.process.kill('SIGINT')
    await cli?.ended
    cli = undefined
    await closeServers()
  })

  it('joins and leaves topics, pushes, and shows presence, live state and what happened', async () => {
    await inspect(['room:a'])
    await sees('room:a: joined, 1 present')
    await channels().getByRole('textbox', { name: 'topic' }).fill('counter:1')
    await channels().getByRole('button', { name: 'Join' }).click()
    await page.getByText('counter:1: joined').click()
    await sees(/"clicks": 0/)

    await pushing().getByRole('combobox', { name: 'topic' }).selectOption('room:a')
    await pushing().getByRole('combobox', { name: 'event' }).fill('echo')
    const payload = pushing().getByRole('textbox', { name: 'payload' })
    await payload.fill('{"hello":')
    await pushing().locator('.problem:not(:empty)').waitFor()
    await payload.fill('{"hello": "page"}')
    await payload.press('Control+Enter')
    await sees(/"hello": "page"/)
    await pushing().getByRole('combobox', { name: 'event' }).fill('other')
    await pushing().getByRole('button', { name: 'Push', exact: true }).click()
    await sees('other on room:a:')
    await pushing().getByRole('button', { name: 'echo on room:a: ok' }).click()
    expect(await payload.inputValue()).toBe('{"hello": "page"}')

    const saved = await timeline().evaluate((element) => (element as unknown as { save(): string }).save())
    expect(saved).toContain('echo')
    await page.getByRole('button', { name: 'Leave room:a' }).click()
    await page.getByText('room:a: joined').waitFor({ state: 'detached' })
  })

  it('shows why a join was refused, and sends a reloaded page everything that happened', async () => {
    await inspect(['room:a'])
    await sees('room:a: joined')
    await channels().getByRole('textbox', { name: 'topic' }).fill('room:b')
    await channels().getByRole('textbox', { name: 'params' }).fill('{"refuse":true}')
    await channels().getByRole('button', { name: 'Join' }).click()
    await sees(/room:b: .*refused/)
    await page.reload()
    await sees(/room:b: .*refused/)
    const saved = await timeline().evaluate((element) => (element as unknown as { save(): string }).save())
    expect(saved).toContain('not today')
  })

  it('keeps secrets out of the page', async () => {
    await inspect(
      ['room:a', '--token-env', 'TOKEN', '--join-param-env', 'pin=PIN', '--params', '{"who":"ann-secretly"}'],
      {
        TOKEN: 'token-that-nobody-sees',
        PIN: '1234-hidden',
      },
    )
    await sees('room:a: joined')
    const saved = await timeline().evaluate((element) => (element as unknown as { save(): string }).save())
    const all = `${address} ${await page.content()} ${saved} ${await (await page.request.get(`${address}page.js`)).text()}`
    expect(saved).toContain('[redacted]')
    for (const secret of ['token-that-nobody-sees', '1234-hidden', 'ann-secretly'])
      expect(all).not.toContain(secret)
  })

  it('does nothing for another page', async () => {
    await inspect(['room:a'])
    await sees('room:a: joined')
    const { origin } = new URL(address)
    const leave = JSON.stringify({ do: 'leave', topic: 'room:a' })
    const post = (url: string, headers: Readonly<Record<string, string>>): Promise<number> =>
      page.request.post(url, { headers, data: Buffer.from(leave) }).then((answer) => answer.status())
    const json = { 'content-type': 'application/json' }
    const refused = [
      await post(`${address}do`, { ...json, origin: 'https://evil.example' }),
      await post(`${address}do`, json),
      await post(`${address}do`, { origin, 'content-type': 'text/plain' }),
      await post(`${address}do`, { ...json, origin, host: 'evil.example' }),
      await post(`${origin}/guess/do`, { ...json, origin }),
    ]
    expect(refused).toEqual([404, 404, 404, 404, 404])
    expect((await page.request.get(`${origin}/`)).status()).toBe(404)
    expect((await page.request.get(`${address}events`, { headers: { origin: 'null' } })).status()).toBe(404)
    await sees('room:a: joined')
    expect(await post(`${address}do`, { ...json, origin })).toBe(200)
  })

  it.each([
    ['desktop', 'light', 1280, 900],
    ['phone', 'dark', 390, 844],
  ] as const)('is accessible: %s, %s', async (device, colorScheme, width, height) => {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    await inspect(['room:a', 'counter:1'])
    await sees('room:a: joined, 1 present')
    await pushing().getByRole('combobox', { name: 'event' }).fill('echo')
    await pushing().getByRole('textbox', { name: 'payload' }).fill('{"hello": "page"}')
    await pushing().getByRole('button', { name: 'Push', exact: true }).click()
    await sees('echo on room:a: ok')
    await page.screenshot({ path: join(screenshots, `inspect-${device}-${colorScheme}.png`), fullPage: true })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await page.evaluate(await readFile(axe, 'utf8'))
    const { violations } = await page.evaluate<AxeResults>('axe.run()')
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([])
  })

  it('writes a page with a session that loads nothing, and lets no payload out', async () => {
    const folder = await mkdtemp(join(ROOT, 'temp/inspect-'))
    try {
      const [session, output] = [join(folder, 'session.ndjson'), join(folder, 'page.html')]
      await writeFile(session, SESSION)
      cli = await runCli(['inspect', session, '--output', output])
      expect(await cli.ended).toMatchObject({ code: 0, stdout: '' })
      const requests: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      await page.goto(pathToFileURL(output).href)
      await page.getByText('a session of').first().waitFor()
      expect(requests).toEqual([pathToFileURL(output).href])
      expect(await page.title()).toBe('ws://localhost/socket, 2026-01-01T00:00:00Z')
      await timeline().locator('canvas').focus()
      for (const key of ['ArrowDown', 'End']) await page.keyboard.press(key)
      await page.getByText('</script><script>').first().waitFor()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
