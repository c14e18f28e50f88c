import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { startChromium } from './chromium.ts'

/** A Chromium in which tabs hide each other, and which keeps pages that are left. */
export interface UntouchedChromium {
  newPage(): Promise<Page>
  close(): Promise<void>
}

/** By these a page that is hidden or left would be treated as no browser of a user's treats it. */
const UNWANTED = [
  '--disable-back-forward-cache',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]

/**
 * Playwright lets every page that it opens believe that it has the focus, so that none is ever hidden. It does not in a browser
 * that it is connected to and asked to leave as it is; so here it starts one, and connects to that.
 */
export const startUntouchedChromium = async (): Promise<UntouchedChromium> => {
  const launched = await startChromium({
    args: ['--remote-debugging-port=0'],
    ignoreDefaultArgs: UNWANTED,
  })
  try {
    const connected = await chromium.connectOverCDP(await addressOf(launched), { noDefaults: true })
    const [context] = connected.contexts()
    if (!context) throw new Error('this Chromium has no context of its own')
    return { newPage: () => context.newPage(), close: () => launched.close() }
  } catch (error) {
    await launched.close()
    throw error
  }
}

/** Where its DevTools listen, which Chromium writes into its profile. */
const addressOf = async (browser: Browser): Promise<string> => {
  const session = await browser.newBrowserCDPSession()
  const { commandLine } = await session.send('SystemInfo.getInfo')
  const [, profile = ''] = /--user-data-dir=(\S+)/.exec(commandLine) ?? []
  const [port, path] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n')
  return `ws://127.0.0.1:${port}${path}`
}
