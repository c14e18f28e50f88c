import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type DevTools, devTools } from './devtools.ts'

const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Starts Chromium without a window, from the environment variable `CHROMIUM` or where Debian puts it. */
export const startChromium = async (): Promise<DevTools> => {
  const path = process.env['CHROMIUM'] ?? paths.find((each) => existsSync(each))
  if (path === undefined)
    throw new Error('there is no Chromium here: apt-get install chromium, or name one in CHROMIUM.')
  const profile = await mkdtemp(join(tmpdir(), 'rx-phoenix-chromium-'))
  const child = spawn(
    path,
    [
      '--headless=new',
      '--no-sandbox', // root has none
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = once(child, 'exit').finally(() =>
    rm(profile, { recursive: true, force: true, maxRetries: 5 }),
  )
  const tools = await devTools(await listening(child.stderr))
  return {
    ...tools,
    close: async () => {
      await tools.close().catch(() => child.kill('SIGKILL'))
      await ended
    },
  }
}

/** The address of the DevTools, which Chromium prints when it is ready. What it prints later is read too, and dropped. */
const listening = (stderr: NodeJS.ReadableStream): Promise<string> =>
  new Promise((resolve, reject) => {
    const printed: string[] = []
    createInterface({ input: stderr })
      .on('line', (line) => {
        const [, url] = /^DevTools listening on (\S+)/.exec(line) ?? []
        if (url === undefined) printed.push(line)
        else resolve(url)
      })
      .on('close', () => {
        reject(new Error(`Chromium did not start:\n${printed.join('\n')}`))
      })
  })
