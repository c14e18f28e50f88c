import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startChromium } from '../../browser/support/chromium.ts'
import { type DevTools, type Tab } from '../../browser/support/devtools.ts'

const screenshots = join(import.meta.dirname, '../../../temp/screenshots')

const sizes = {
  desktop: { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false },
  phone: { width: 390, height: 844, deviceScaleFactor: 2, mobile: true },
} as const

/** Somebody with a browser of their own, who uses the page as people do: looks, clicks and types. */
export interface Visitor {
  open(url: string): Promise<void>
  signIn(name: string): Promise<void>
  /** Resolves when an expression of the page is true, and with its value. */
  until<A = boolean>(expression: string): Promise<A>
  sees(selector: string, text?: string): Promise<void>
  click(selector: string): Promise<void>
  type(selector: string, text: string): Promise<void>
  /** Types and presses Enter. */
  enter(selector: string, text: string): Promise<void>
  /** What each element that is found says. */
  texts(selector: string): Promise<readonly string[]>
  goOffline(offline: boolean): Promise<void>
  /** Keeps a picture of the page in temp/screenshots. */
  picture(name: string, size: keyof typeof sizes, scheme?: 'light' | 'dark'): Promise<void>
  run<A>(expression: string): Promise<A>
  leave(): Promise<void>
}

export interface Browser {
  visit(): Promise<Visitor>
  close(): Promise<void>
}

export const startBrowser = async (): Promise<Browser> => {
  const chromium: DevTools = await startChromium()
  return { visit: async () => visitor(await chromium.openTab()), close: () => chromium.close() }
}

/** Looks again whenever the page has changed. */
const untilTrue = (expression: string): string => `new Promise((resolve, reject) => {
  const look = () => {
    const value = (${expression})
    if (!value) return false
    observer.disconnect()
    clearTimeout(timer)
    resolve(value)
    return true
  }
  const observer = new MutationObserver(look)
  const timer = setTimeout(() => {
    observer.disconnect()
    reject(new Error(${JSON.stringify(`never true: ${expression}`)} + '; the page says ' + document.body.innerText))
  }, 20000)
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  look()
})`

const visitor = (tab: Tab): Visitor => {
  const until = <A>(expression: string): Promise<A> => tab.run(untilTrue(expression))
  const find = (selector: string, text = ''): string =>
    `[...document.querySelectorAll(${JSON.stringify(selector)})].some((found) => found.innerText.includes(${JSON.stringify(text)}))`
  const on = (selector: string, action: string): Promise<void> =>
    tab.run(`void document.querySelector(${JSON.stringify(selector)}).${action}`)
  const type = async (selector: string, text: string): Promise<void> => {
    await until(`document.querySelector(${JSON.stringify(selector)})?.disabled === false`)
    await on(selector, 'focus()')
    await tab.send('Input.insertText', { text })
  }
  return {
    until,
    type,
    run: (expression) => tab.run(expression),
    open: async (url) => {
      await tab.send('Emulation.setDeviceMetricsOverride', sizes.desktop)
      await tab.goTo(url)
      await until(`document.querySelector('ember-sign-in')`)
    },
    signIn: async (name) => {
      await type('input[name=name]', name)
      await on('ember-sign-in button', 'click()')
      await until(find('.bar[data-status=open]', 'Live'))
      await until(find(`ember-people-list li`, name))
    },
    sees: async (selector, text) => {
      await until(find(selector, text))
    },
    click: async (selector) => {
      await until(`document.querySelector(${JSON.stringify(selector)})`)
      await on(selector, 'click()')
    },
    enter: async (selector, text) => {
      await type(selector, text)
      await until(
        `document.querySelector(${JSON.stringify(selector)}).form.querySelector(':enabled[type=submit]')`,
      )
      for (const event of ['keyDown', 'keyUp'])
        await tab.send('Input.dispatchKeyEvent', {
          type: event,
          key: 'Enter',
          code: 'Enter',
          windowsVirtualKeyCode: 13,
          ...(event === 'keyDown' && { text: '\r' }),
        })
    },
    texts: (selector) =>
      tab.run(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((found) => found.innerText)`),
    goOffline: async (offline) => {
      await tab.send('Network.enable')
      await tab.send('Network.emulateNetworkConditions', {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      })
    },
    picture: async (name, size, scheme = 'light') => {
      await tab.send('Emulation.setDeviceMetricsOverride', sizes[size])
      await tab.send('Emulation.setEmulatedMedia', {
        features: [
          { name: 'prefers-color-scheme', value: scheme },
          { name: 'prefers-reduced-motion', value: 'reduce' },
        ],
      })
      // Two frames later it is painted, at that size and in those colours.
      await tab.run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
      const { data } = await tab.send<{ data: string }>('Page.captureScreenshot', { format: 'png' })
      mkdirSync(screenshots, { recursive: true })
      writeFileSync(join(screenshots, `${name}.png`), Buffer.from(data, 'base64'))
      const overflow = await tab.run<number>(`document.documentElement.scrollWidth - ${sizes[size].width}`)
      await tab.send('Emulation.setDeviceMetricsOverride', sizes.desktop)
      await tab.send('Emulation.setEmulatedMedia', { features: [] })
      if (overflow > 0) throw new Error(`${name} is ${overflow} pixels too wide.`)
    },
    leave: () => tab.close(),
  }
}
