import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type AxeResults } from 'axe-core'
import { type Browser, type Page } from 'playwright-core'
import { ROOT, runScript } from '../support/run-script.ts'
import { running } from '../support/running.ts'
import { startChromium } from './support/chromium.ts'
import { startSite } from './support/site.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const screenshots = join(ROOT, 'temp/screenshots')

/** The colour in which what went wrong is drawn. */
const RED = [211, 47, 47] as const
/** Of an open connection and a joined channel. */
const GREEN = [46, 125, 50] as const

describe('<rx-phoenix-inspector>', () => {
  const browser: () => Browser = running(startChromium)
  const site = running(() => startSite('inspector'))
  let page: Page

  beforeEach(async () => {
    const context = await browser().newContext({
      viewport: { width: 1000, height: 700 },
      permissions: ['clipboard-read', 'clipboard-write'],
      bypassCSP: false,
    })
    page = await context.newPage()
    await page.goto(site().url)
  })
  afterEach(() => page.context().close())

  const run = <A>(expression: string): Promise<A> => page.evaluate<A>(expression)
  /** Two frames later everything is painted. */
  const painted = (): Promise<unknown> =>
    run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  const pixels = async (colour: readonly number[]): Promise<number> => {
    await painted()
    return run<number>(`lab.pixels(${colour.join()})`)
  }
  const status = async (): Promise<string> => {
    await painted()
    return run<string>(`lab.text('.status')`)
  }
  const details = (): Promise<string> => run<string>(`lab.text('.side')`)
  const focusTimeline = (): Promise<void> => page.locator('rx-phoenix-inspector canvas').focus()

  it('draws states, events, pushes and failures, and names them to the keyboard', async () => {
    await run('lab.show()')
    expect(await pixels(GREEN)).toBe(0)
    await run('lab.join()')
    expect(await pixels(GREEN)).toBeGreaterThan(0)
    expect(await run(`lab.push('save', { text: 'x', password: 'hush' })`)).toBe('ok')
    expect(await pixels(RED)).toBe(0)
    expect(await run(`lab.push('shout', {})`)).toBe('PushRefused')
    expect(await pixels(RED)).toBeGreaterThan(0)
    await run(`lab.say('news', { n: 1 })`)
    await run(`lab.raw('garbage')`)

    await focusTimeline()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Home')
    const heard: string[] = []
    for (let step = 0; step < 4; step += 1) {
      heard.push((await run<string>(`lab.text('[aria-live]')`)).replaceAll(/\d+(\.\d+)? m?s\b/g, 'N'))
      await page.keyboard.press('ArrowRight')
    }
    expect(heard).toEqual([
      'room:lobby: join at N, ok after N',
      'room:lobby: push save at N, ok after N',
      'room:lobby: push shout at N, PushRefused after N',
      'room:lobby: event news at N',
    ])
    await page.keyboard.press('ArrowUp')
    expect(await run(`lab.text('[aria-live]')`)).toContain('DecodeFailed')
  })

  it('shows the payload, refs and origin of what is pointed at, redacted', async () => {
    await run('lab.show(), lab.join()')
    await run(`lab.push('save', { text: 'x', password: 'hush' })`)
    await focusTimeline()
    for (const key of ['ArrowDown', 'End', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key)
    const shown = await details()
    expect(shown).toContain('this client')
    expect(shown).toMatch(/ref\d+join_ref\d+/)
    expect(shown).toContain('"password": "[redacted]"')
    expect(shown).toContain('"id": 7')
    expect(shown).not.toContain('hush')
  })

  it('is as readable with a mouse as with the keyboard: a click keeps the details', async () => {
    await run('lab.show(), lab.join()')
    await run(`lab.say('news', { n: 1 })`)
    await page.locator('rx-phoenix-inspector').getByRole('button', { name: 'Show all' }).click()
    await painted()
    const box = await page.locator('rx-phoenix-inspector canvas').boundingBox()
    if (!box) throw new Error('there is no canvas')
    // The lane of the channel is the second one; what is in it lies between its edges.
    for (let x = 5; x < box.width && !(await details()).includes('news'); x += 6)
      await page.mouse.move(box.x + x, box.y + 22 + 66 + 45)
    expect(await details()).toContain('the server, to all')
    await page.mouse.down()
    await page.mouse.up()
    await page.mouse.move(box.x + 5, box.y + 22 + 45)
    expect(await details()).toContain('news')
  })

  it('filters by topic and event', async () => {
    await run('lab.show(), lab.join()')
    await run(`lab.say('news', {}), lab.say('typing', {})`)
    const inspector = page.locator('rx-phoenix-inspector')
    await inspector.getByRole('searchbox', { name: 'event' }).fill('typ')
    await focusTimeline()
    for (const key of ['ArrowDown', 'Home', 'End']) await page.keyboard.press(key)
    expect(await run(`lab.text('[aria-live]')`)).toContain('event typing')
    await page.keyboard.press('ArrowLeft')
    expect(await run(`lab.text('[aria-live]')`)).toContain('event typing')
    await inspector.getByRole('searchbox', { name: 'topic' }).fill('nothing')
    await focusTimeline()
    await page.keyboard.press('Escape')
    await page.keyboard.press('ArrowRight')
    expect(await details()).not.toContain('typing')
  })

  it('pauses, and shows afterwards what arrived in between', async () => {
    await run('lab.show(), lab.join()')
    const before = await status()
    await page.locator('rx-phoenix-inspector').getByRole('button', { name: 'Pause' }).click()
    await run(`lab.say('news', {})`)
    expect(await status()).toBe(`${before}, paused, 1 waiting`)
    await focusTimeline()
    await page.keyboard.press('p')
    expect(await status()).toMatch(/^\d+ trace events kept$/)
    expect(Number.parseInt(await status())).toBe(Number.parseInt(before) + 1)
  })

  it('copies what is selected as a marble test, which passes as pasted', async () => {
    await run('lab.show(), lab.join()')
    await run(`lab.push('save', { text: 'x' })`)
    await run(`lab.say('news', { n: 1 })`)
    await painted()
    await run(`lab.say('other', { n: 2 })`)
    await focusTimeline()
    for (const key of ['ArrowDown', 'ArrowDown', 'Home', 'Shift+ArrowRight', 'Shift+ArrowRight', 'c'])
      await page.keyboard.press(key)
    await run(`new Promise((done) => setTimeout(done))`)
    const test = await run<string>('navigator.clipboard.readText()')
    expect(test).toContain('"save"')
    expect(test).toContain('"news"')
    expect(test).not.toContain('"other"')
    const folder = await mkdtemp(join(ROOT, 'temp/pasted-'))
    try {
      await writeFile(join(folder, 'pasted.ts'), test)
      expect(await runScript(join(folder, 'pasted.ts')).ended).toMatchObject({ code: 0, stderr: '' })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('saves a session, and opens one in place of what comes live', async () => {
    await run('lab.show(), lab.join()')
    await run(`lab.say('news', { n: 1 })`)
    const saved = await run<string>('lab.element.save()')
    await run(`lab.element.clear(), lab.element.load(${JSON.stringify(saved)})`)
    expect(await status()).toMatch(/^a session of \d+ trace events$/)
    await run(`lab.say('live', { n: 2 })`)
    expect(await status()).toMatch(/^a session of/)
    expect(await run('lab.element.save()')).toContain('news')
    await page.locator('rx-phoenix-inspector').getByRole('button', { name: 'Close session' }).click()
    expect(await status()).toBe('1 trace events kept')
    await expect(run(`lab.element.load('{}')`)).rejects.toThrow('This is not a recorded session')
  })

  it('keeps every event of a thousand a second, and the newest of a hundred thousand', async () => {
    await run('lab.show(), lab.join()')
    const before = Number.parseInt(await status())
    await run('lab.stream(3000)')
    expect(await status()).toBe(`${before + 3000} trace events kept`)
    await run('lab.burst(100_000)')
    const [, kept = '', dropped = ''] =
      /^(\d+) trace events kept, (\d+) older ones dropped$/.exec(await status()) ?? []
    expect(Number(kept)).toBeLessThanOrEqual(100_000)
    expect(Number(kept) + Number(dropped)).toBe(before + 103_000)
    await focusTimeline()
    for (const key of ['ArrowDown', 'End']) await page.keyboard.press(key)
    expect(await details()).toContain('"n": 99999')
  })

  it('shows the present states of a socket that is open already, and ends without a trace', async () => {
    await run('lab.join()')
    await run('lab.show()')
    expect(await status()).toBe('2 trace events kept')
    expect(await pixels(GREEN)).toBeGreaterThan(0)
    await run('lab.stop()')
    await run(`lab.say('news', {})`)
    expect(await status()).toBe('2 trace events kept')
    await run('lab.showWithin()')
    expect(await run(`document.querySelectorAll('rx-phoenix-inspector').length`)).toBe(2)
    await run('lab.stop()')
    expect(await run(`document.querySelectorAll('rx-phoenix-inspector').length`)).toBe(1)
  })

  it('does nothing that a strict Content-Security-Policy forbids', async () => {
    await run('lab.show(), lab.join()')
    expect(await run(`violations.filter((each) => each !== 'script-src-elem')`)).toEqual([])
  })

  it.each([
    ['desktop', 'light', 1280, 800],
    ['desktop', 'dark', 1280, 800],
    ['phone', 'light', 390, 844],
    ['phone', 'dark', 390, 844],
  ] as const)('is accessible: %s, %s', async (device, colorScheme, width, height) => {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    await run('lab.show(), lab.join()')
    await run(
      `lab.say('presence_state', { ann: { metas: [{ phx_ref: '1' }] }, bob: { metas: [{ phx_ref: '2' }] } })`,
    )
    await run(`lab.push('save', { text: 'hello' })`)
    await run(`lab.push('shout', {})`)
    await run(`lab.say('new_msg', { body: 'hi' }), lab.say('typing', { name: 'bob' })`)
    await run(`lab.raw('garbage')`)
    await run(
      `lab.say('presence_diff', { joins: {}, leaves: { bob: { metas: [{ phx_ref: '2' }] } } }), lab.cut()`,
    )
    await focusTimeline()
    for (const key of ['ArrowDown', 'ArrowDown', 'Home', 'ArrowRight', 'ArrowRight'])
      await page.keyboard.press(key)
    await painted()
    await page.screenshot({ path: join(screenshots, `inspector-${device}-${colorScheme}.png`) })
    expect(await run('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    // In the page's own world a script of axe would be stopped by the policy.
    await page.evaluate(await readFile(axe, 'utf8'))
    const { violations } = await run<AxeResults>('axe.run()')
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join()}`),
    ).toEqual([])
  })
})
