import { parseArgs } from 'node:util'

/** What to do, as the command line says. */
export type Command =
  | { readonly type: 'help' }
  | { readonly type: 'demo'; readonly replayMs: number; readonly awayMs: number; readonly dropEvery: number }
  | {
      readonly type: 'listen'
      readonly url: string
      readonly topic: string
      /** Undefined: all events. */
      readonly event: string | undefined
      readonly params: unknown
    }

/** A mistake on the command line, told to the person who made it. */
export class UsageError extends Error {}

export const help = `Sums up a week of earthquakes that a Phoenix channel replays. On the way the connection is cut, and the process that
does the work is killed with kill -9.

  npm start                                the demo, on a server of its own
  npm start -- --url URL --topic TOPIC     print what a server of yours sends, until Ctrl-C

The demo:
  --seconds N     how long the replay of the week takes (default 4)
  --away MS       how long the server is away after the cut, in milliseconds (default 600)
  --drop N        leave out every Nth event, to see that the proof notices (default 0: none)

A server of yours:
  --url URL       mount point of the socket, such as ws://localhost:4000/socket
  --topic TOPIC   channel to join, such as room:lobby
  --event NAME    print the payloads of this event only (default: every message, as {event, payload})
  --params JSON   params of the join (default {})

Progress goes to standard error, results to standard output. The exit code is 0 only if all is right.`

/** Reads the arguments. Throws `UsageError`. */
export const commandLine = (args: readonly string[]): Command => {
  const given = parsed(args)
  const { url, topic, event, params } = given
  if (given.help) return { type: 'help' }
  if (url !== undefined && topic !== undefined)
    return { type: 'listen', url, topic, event, params: json('--params', params ?? '{}') }
  if (url !== undefined) throw new UsageError('--url needs --topic too: the channel to join.')
  if ([topic, event, params].some((value) => value !== undefined))
    throw new UsageError('--topic, --event and --params need --url: the server to listen to.')
  return {
    type: 'demo',
    replayMs: 1000 * number('--seconds', given.seconds, 0.5),
    awayMs: number('--away', given.away, 0),
    dropEvery: number('--drop', given.drop, 0),
  }
}

const options = {
  url: { type: 'string' },
  topic: { type: 'string' },
  event: { type: 'string' },
  params: { type: 'string' },
  seconds: { type: 'string', default: '4' },
  away: { type: 'string', default: '600' },
  drop: { type: 'string', default: '0' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const parsed = (args: readonly string[]): ReturnType<typeof parse> => {
  try {
    return parse(args)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options }).values

const number = (option: string, text: string, least: number): number => {
  const value = text.trim() === '' ? NaN : Number(text)
  if (Number.isFinite(value) && value >= least) return value
  throw new UsageError(`${option} is a number, at least ${least}; it was "${text}".`)
}

const json = (option: string, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${option} is JSON, such as '{"token":"abc"}'; it was ${text}`)
  }
}
