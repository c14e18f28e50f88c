import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type LaunchOptions } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/**
 * Starts Chromium without a window: the one that the environment variable `CHROMIUM` names, or the first on the PATH.
 * Playwright itself turns off the sandbox, which root cannot have, and what would use the network in the background.
 */
export const startChromium = async ({ args = [], ...options }: LaunchOptions = {}): Promise<Browser> =>
  chromium.launch({ executablePath: pathOfChromium(), args: [...quiet, ...args], ...options })

const quiet = ['--disable-gpu', '--disable-quic']

const pathOfChromium = (): string => {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  const path = process.env['CHROMIUM'] ?? paths.find((each) => existsSync(each))
  if (path === undefined)
    throw new Error('there is no Chromium here: apt-get install chromium, or name one in CHROMIUM.')
  return path
}
