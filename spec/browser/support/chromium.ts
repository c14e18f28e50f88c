import { type Browser, chromium, type LaunchOptions } from 'playwright-core'
import { onPath } from './on-path.ts'

/**
 * Starts Chromium without a window: the one that the environment variable `CHROMIUM` names, or the first on the PATH.
 * Playwright itself turns off the sandbox, which root cannot have, and what would use the network in the background.
 */
export const startChromium = async ({ args = [], ...options }: LaunchOptions = {}): Promise<Browser> =>
  chromium.launch({ executablePath: pathOfChromium(), args: [...quiet, ...args], ...options })

const quiet = ['--disable-gpu', '--disable-quic']

const pathOfChromium = (): string => {
  const path = process.env['CHROMIUM'] ?? onPath('chromium', 'chromium-browser', 'google-chrome')
  if (path === undefined)
    throw new Error('there is no Chromium here: apt-get install chromium, or name one in CHROMIUM.')
  return path
}
