import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { type Engine, type Tab } from './engine.ts'

/** Debian's place for the browser that comes with WebKitGTK. */
const MINI_BROWSER = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`

/** Its page, which can also go one step back in its history. */
export interface WebKit extends Engine {
  newPage(): Promise<Tab & { goBack(): Promise<unknown> }>
}

type Command = (method: 'POST' | 'DELETE', path: string, body?: object) => Promise<unknown>

/**
 * Starts the small browser of WebKitGTK, the engine of Safari, on a screen that nobody sees, and speaks WebDriver with it
 * (https://www.w3.org/TR/webdriver2).
 */
export const startWebKit = async (): Promise<WebKit> => {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [display] = (await once(screen.stdio[3] ?? screen, 'data')) as [Buffer]
  const port = await freePort()
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: `:${display.toString().trim()}`,
      // Root, as whom containers run, cannot have one.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    },
  })
  const close = async (): Promise<void> => {
    await Promise.all([driver, screen].map(ended))
  }
  try {
    const command = commandAt(`http://127.0.0.1:${port}`)
    const session = await sessionOf(command)
    return {
      newPage: () =>
        Promise.resolve({
          goto: (url) => command('POST', `${session}/url`, { url }),
          goBack: () => command('POST', `${session}/back`, {}),
          evaluate: async <A>(expression: string) => {
            const script = `const [done] = arguments; (async () => JSON.stringify([await ${expression}]))().then(done, (error) => done(String(error)))`
            const said = (await command('POST', `${session}/execute/async`, { script, args: [] })) as string
            if (!said.startsWith('[')) throw new Error(said)
            return (JSON.parse(said) as [A])[0]
          },
          // It has one page, which the next spec goes elsewhere with.
          close: () => command('POST', `${session}/url`, { url: 'about:blank' }),
        }),
      close: async () => {
        await command('DELETE', session)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Begins a session, as soon as the driver listens. */
const sessionOf = async (command: Command): Promise<string> => {
  const browser = { binary: MINI_BROWSER, args: ['--automation'] }
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browser } }
  for (let attempt = 1; ; attempt++) {
    try {
      const { sessionId } = (await command('POST', '/session', { capabilities })) as { sessionId: string }
      return `/session/${sessionId}`
    } catch (error) {
      if (attempt === 50 || !existsSync(MINI_BROWSER)) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

const commandAt =
  (address: string): Command =>
  async (method, path, body) => {
    const response = await fetch(address + path, { method, ...(body && { body: JSON.stringify(body) }) })
    const { value } = (await response.json()) as { value: unknown }
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value)}`)
    return value
  }

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill()
  await exit
}
