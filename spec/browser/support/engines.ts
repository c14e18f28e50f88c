import { startChromium } from './chromium.ts'
import { type Engine } from './engine.ts'
import { startFirefox } from './firefox.ts'
import { onPath } from './on-path.ts'
import { startWebKit } from './webkit.ts'

/** What this machine has. Chromium is a must; where another is not installed its specs are left out, and it is said. */
export const engines: readonly (readonly [name: string, start: () => Promise<Engine>])[] = [
  ['Chromium', startChromium],
  ...(onPath('firefox-esr', 'firefox') ? [['Firefox', startFirefox] as const] : missing('firefox-esr')),
  ...(onPath('WebKitWebDriver') && onPath('Xvfb')
    ? [['WebKitGTK', startWebKit] as const]
    : missing('webkit2gtk-driver xvfb')),
]

function missing(packages: string): readonly [] {
  process.stderr.write(`To run these specs in one more browser: apt-get install ${packages}\n`)
  return []
}
