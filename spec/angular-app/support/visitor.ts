import { join } from 'node:path'
import { type Browser, type Page } from 'playwright-core'
import { barriersOn } from '../../browser/support/barriers-on.ts'

const screenshots = join(import.meta.dirname, '../../../temp/screenshots')

const sizes = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const

/** Somebody with a browser of their own, who uses the page as people do: looks, clicks and types. */
export interface Visitor {
  /** Opens a page, and resolves when it has an element, by default that of signing in. */
  open(url: string, wanted?: string): Promise<void>
  reload(): Promise<void>
  signIn(name: string): Promise<void>
  /** Resolves when an expression of the page is true. */
  until(expression: string): Promise<void>
  sees(selector: string, text?: string): Promise<void>
  click(selector: string): Promise<void>
  type(selector: string, text: string): Promise<void>
  /** Types and presses Enter. */
  enter(selector: string, text: string): Promise<void>
  /** What each element that is found says. */
  texts(selector: string): Promise<readonly string[]>
  goOffline(offline: boolean): Promise<void>
  /** From now on the window has this size. */
  resize(size: keyof typeof sizes): Promise<void>
  /** Keeps a picture of the page in temp/screenshots, and rejects if axe finds anything that shuts somebody out. */
  picture(name: string, size: keyof typeof sizes, scheme?: 'light' | 'dark'): Promise<void>
  run<A>(expression: string): Promise<A>
  close(): Promise<void>
}

let failures = 0

export const visit = async (browser: Browser): Promise<Visitor> => {
  // As fine as the screen of a phone; pictures of the desktop are scaled down.
  const context = await browser.newContext({ viewport: sizes.desktop, deviceScaleFactor: 2 })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()

  const resize: Visitor['resize'] = (size) => page.setViewportSize(sizes[size])
  const first = (selector: string): ReturnType<Page['locator']> => page.locator(selector).first()
  const type: Visitor['type'] = async (selector, text) => {
    await first(`${selector}:enabled`).focus()
    await page.keyboard.insertText(text)
  }
  /** Says what the page says, and keeps a picture of it, if what is waited for never comes. */
  const comes = async (what: string, waiting: Promise<unknown>): Promise<void> => {
    await waiting.catch(async (cause: unknown) => {
      failures += 1
      await page.screenshot({ path: join(screenshots, `failed-${failures}.png`) })
      throw new Error(`never came: ${what}; the page says ${await page.innerText('body')}`, { cause })
    })
  }
  const sees: Visitor['sees'] = (selector, text = '') =>
    comes(
      `${selector} that says '${text}'`,
      page.waitForFunction(
        ([wanted, says]) =>
          [...document.querySelectorAll<HTMLElement>(wanted)].some((found) => found.innerText.includes(says)),
        [selector, text] as const,
      ),
    )

  return {
    sees,
    type,
    resize,
    until: (expression) => comes(expression, page.waitForFunction(expression)),
    run: (expression) => page.evaluate(expression),
    open: async (url, wanted = 'ember-sign-in') => {
      await page.goto(url)
      await first(wanted).waitFor()
    },
    reload: async () => {
      await page.reload()
    },
    signIn: async (name) => {
      await type('input[name=name]', name)
      await first('ember-sign-in button').click()
      await sees('.bar[data-status=open]', 'Live')
      await sees('ember-people-list li', name)
    },
    click: (selector) => comes(`${selector} to click on`, first(selector).click()),
    enter: async (selector, text) => {
      await type(selector, text)
      const form = page.locator('form').filter({ has: page.locator(selector) })
      await form.locator(':enabled[type=submit]').waitFor()
      await first(selector).press('Enter')
    },
    texts: (selector) => page.locator(selector).allInnerTexts(),
    goOffline: (offline) => context.setOffline(offline),
    picture: async (name, size, scheme = 'light') => {
      await resize(size)
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      // Two frames later it is painted, at that size and in those colours.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
      const scale = size === 'phone' ? 'device' : 'css'
      await page.screenshot({ path: join(screenshots, `${name}.png`), scale })
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth)
      const barriers = await barriersOn(page)
      await resize('desktop')
      await page.emulateMedia({ colorScheme: null, reducedMotion: null })
      if (barriers.length > 0) throw new Error(`${name} shuts people out:\n${barriers.join('\n')}`)
      const overflow = scrollWidth - sizes[size].width
      if (overflow > 0) throw new Error(`${name} is ${overflow} pixels too wide.`)
    },
    close: () => context.close(),
  }
}
