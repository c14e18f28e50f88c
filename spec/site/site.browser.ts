import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { barriersOn } from '../browser/support/barriers-on.ts'
import { startChromium } from '../browser/support/chromium.ts'
import { ROOT } from '../support/run-script.ts'
import { running } from '../support/running.ts'
import { serveSite } from './support/serve-site.ts'

const BASE = process.env['DOCS_BASE'] ?? '/'
const screenshots = join(ROOT, 'temp/screenshots')
mkdirSync(screenshots, { recursive: true })

const browser = running<Browser>(startChromium)
const site = running(() => serveSite(BASE))

/** Opens a page of the site; `problems` has what went wrong in it, and every request to another host. */
const open = async (path: string, options: BrowserContextOptions = {}) => {
  const context = await browser().newContext({ reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(20_000)
  const problems: string[] = []
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(site().url))
      problems.push(request.url())
  })
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`)
  })
  await page.goto(site().url + path)
  return { page, problems, close: () => context.close() }
}

const says = (page: Page, name: string, text: string | RegExp): Promise<void> =>
  page.locator(`[data-test=${name}]`).filter({ hasText: text }).first().waitFor()

const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

describe('the site', () => {
  it('is searched in full text', async () => {
    const { page, problems, close } = await open('guides.html')
    await page.getByRole('button', { name: 'Search' }).first().click()
    await page.locator('#localsearch-input').fill('joinsInFlight')
    const result = page.locator('.VPLocalSearchBox .result').first()
    await result.click()
    await page.locator('.VPLocalSearchBox').waitFor({ state: 'detached' })
    await page.locator('main').filter({ hasText: 'joinsInFlight' }).waitFor()
    expect(problems).toEqual([])
    await close()
  })

  it('leads from the start page through ten links, each to a page with a heading', async () => {
    const { page, problems, close } = await open('')
    const visited: Set<string> = new Set([page.url()])
    for (let i = 0; i < 10; i++) {
      const links = await page
        .locator('a[href]')
        .evaluateAll((found) => found.map((link) => (link as HTMLAnchorElement).href.split('#')[0] ?? ''))
      const next = [...new Set(links)].filter((link) => link.startsWith(site().url) && !visited.has(link))[i]
      if (next === undefined) throw new Error(`${page.url()} has too few links`)
      await page.goto(next)
      visited.add(next)
      expect((await page.locator('main h1').innerText()).trim()).not.toBe('')
      expect(await page.locator('.NotFound').count()).toBe(0)
    }
    expect(problems).toEqual([])
    await close()
  })

  it.each([
    ['an address without an ending, as production builds name it', 'errors/JoinRefused/', 'JoinRefused'],
    ['the reference of a name', 'reference/rx-phoenix/functions/phoenixSocket.html', 'phoenixSocket'],
    ['a page of another client', 'coming-from/phoenix.html', 'phoenix.js'],
    ['an example', 'examples/sliding-windows.html', ''],
  ])('has %s', async (_what, path, heading) => {
    const { page, problems, close } = await open(path)
    expect(await page.locator('main h1').innerText()).toContain(heading)
    expect(problems).toEqual([])
    await close()
  })
})

describe('the live page', () => {
  it('shows what a subscriber sees when the line is cut, the channel crashes, a join is refused, the server freezes', async () => {
    const { page, problems, close } = await open('', { viewport: { width: 1280, height: 900 } })
    await says(page, 'socket', 'open')
    await says(page, 'channel', /^joined/)
    await says(page, 'messages', 'message 1')

    await press(page, 'Push')
    await says(page, 'pushes', '1: reply {"n":1}')

    await says(page, 'people', 'you')
    await press(page, 'Like')
    await says(page, 'likes', 'likes: 1 (live)')

    await press(page, 'Cut the line')
    await says(page, 'likes', 'likes: 1 (stale)')
    await says(page, 'people', 'you')
    await says(page, 'socket', /waiting ConnectionFailed/)
    await says(page, 'channel', 'waiting')
    await press(page, 'Push')
    await says(page, 'pushes', '2: …')
    await page.locator('.live-demo').screenshot({ path: join(screenshots, 'site-live-cut.png') })
    await press(page, 'Come back')
    await says(page, 'channel', 'joined rejoined: true')
    await says(page, 'pushes', '2: reply {"n":2}')
    await press(page, 'Like')
    await says(page, 'likes', 'likes: 2 (live)')

    await press(page, 'Crash the channel')
    await says(page, 'channel', /errored ChannelCrashed/)
    await says(page, 'channel', 'joined rejoined: true')

    await press(page, 'Refuse the join')
    await says(page, 'channel', /errored JoinRefused/)
    await press(page, 'Come back')
    await says(page, 'channel', 'joined rejoined: true')

    // The inspector has seen it all; what it draws is on its own page of tests.
    expect(await page.locator('rx-phoenix-inspector').evaluate(({ shadowRoot }) => shadowRoot !== null)).toBe(
      true,
    )
    await page.locator('.live-demo').screenshot({ path: join(screenshots, 'site-live-inspector.png') })

    await press(page, 'Freeze the server')
    await press(page, 'Push')
    await says(page, 'socket', /waiting HeartbeatTimeout/)
    await says(page, 'pushes', '3: ConnectionLost { sent: true }')
    await press(page, 'Come back')
    await says(page, 'channel', 'joined rejoined: true')
    expect(problems).toEqual([])
    await close()
  })
})

describe('the site is accessible', () => {
  const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const
  it.each([
    ['desktop', 'light'],
    ['desktop', 'dark'],
    ['phone', 'light'],
    ['phone', 'dark'],
  ] as const)('of a %s in %s', async (size, colorScheme) => {
    const found: string[] = []
    const pages = { start: '', rules: 'rules.html', error: 'errors/JoinRefused/', guide: 'policies.html' }
    for (const [name, path] of Object.entries(pages)) {
      const { page, close } = await open(path, { viewport: sizes[size], colorScheme })
      if (name === 'start') await says(page, 'channel', /^joined/)
      await page.screenshot({ path: join(screenshots, `site-${name}-${size}-${colorScheme}.png`) })
      found.push(...(await barriersOn(page)).map((barrier) => `${name}: ${barrier}`))
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      if (tooWide > 0) found.push(`${name} is ${tooWide} pixels too wide`)
      await close()
    }
    expect(found).toEqual([])
  })
})
