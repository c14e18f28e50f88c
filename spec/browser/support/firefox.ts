import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { type Engine, type Tab } from './engine.ts'
import { onPath } from './on-path.ts'

/** What Firefox answers to a command. */
type Answer = { readonly id?: number } & (
  | { readonly type: 'success'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly type: 'error'; readonly error: string; readonly message: string }
  | { readonly type: 'event' }
)

type Command = (method: string, params: object) => Promise<Readonly<Record<string, unknown>>>

/**
 * Starts the Firefox of the machine, without a window and in a profile of its own, and speaks WebDriver BiDi with it
 * (https://w3c.github.io/webdriver-bidi), since Playwright drives only one that it has built itself.
 */
export const startFirefox = async (): Promise<Engine> => {
  const profile = await mkdtemp(join(tmpdir(), 'firefox-'))
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0']
  const firefox = spawn(onPath('firefox-esr', 'firefox') ?? 'firefox', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: profile },
  })
  const ended = once(firefox, 'exit')
  const close = async (): Promise<void> => {
    firefox.kill()
    await ended
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const command = await connected(`${await addressIn(firefox.stderr)}/session`)
    await command('session.new', { capabilities: {} })
    return { newPage: () => newPage(command), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Where it listens, which it says when it is ready. */
const addressIn = async (output: AsyncIterable<Buffer>): Promise<string> => {
  let said = ''
  for await (const chunk of output) {
    said += chunk.toString()
    const [, address] = /BiDi listening on (ws:\S+)/.exec(said) ?? []
    if (address !== undefined) return address
  }
  throw new Error(`Firefox did not start: ${said}`)
}

const connected = async (address: string): Promise<Command> => {
  const ws = new WebSocket(address)
  const waiting: Map<number, (answer: Answer) => void> = new Map()
  ws.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer
    waiting.get(answer.id ?? 0)?.(answer)
  })
  await once(ws, 'open')
  let id = 0
  return (method, params) =>
    new Promise((resolve, reject) => {
      waiting.set(++id, (answer) => {
        if (answer.type === 'success') resolve(answer.result)
        else if (answer.type === 'error') reject(new Error(`${method}: ${answer.message}`))
      })
      ws.send(JSON.stringify({ id, method, params }))
    })
}

const newPage = async (command: Command): Promise<Tab> => {
  const { context } = await command('browsingContext.create', { type: 'tab' })
  return {
    goto: (url) => command('browsingContext.navigate', { context, url, wait: 'complete' }),
    evaluate: async <A>(expression: string) => {
      const { result, exceptionDetails } = (await command('script.evaluate', {
        // As JSON, since BiDi has a form of its own for values.
        expression: `(async () => JSON.stringify([await ${expression}]))()`,
        target: { context },
        awaitPromise: true,
      })) as { result?: { value: string }; exceptionDetails?: { text: string } }
      if (!result) throw new Error(exceptionDetails?.text ?? expression)
      return (JSON.parse(result.value) as [A])[0]
    },
    close: () => command('browsingContext.close', { context }),
  }
}
