import { inspect } from 'node:util'
import { oneLine } from '../protocol/one-line.ts'
import { redact } from '../protocol/redact.ts'

/** What the server reports to `trace`. Frames are cut to 200 characters and secrets in them are hidden. */
export type ServerTrace =
  | { readonly _tag: 'Opened'; readonly path: string; readonly transport: string; readonly id: string | null }
  | { readonly _tag: 'Closed'; readonly id: string | null }
  | { readonly _tag: 'ConnectRefused'; readonly path: string; readonly status: number }
  | { readonly _tag: 'ConnectCrashed'; readonly path: string; readonly error: unknown }
  | { readonly _tag: 'Joined'; readonly topic: string }
  | { readonly _tag: 'JoinCrashed'; readonly topic: string; readonly error: unknown }
  | {
      readonly _tag: 'ChannelCrashed'
      readonly topic: string
      readonly event: string
      readonly error: unknown
    }
  | { readonly _tag: 'UnmatchedTopic'; readonly topic: string }
  | { readonly _tag: 'StaleMessage'; readonly topic: string; readonly event: string }
  | {
      readonly _tag: 'MalformedFrame'
      readonly path: string
      readonly frame: string
      readonly error: unknown
    }
  | { readonly _tag: 'NotEncodable'; readonly topic: string; readonly event: string; readonly error: unknown }
  | { readonly _tag: 'SlowConsumer'; readonly path: string; readonly bufferedBytes: number }

/** Receives what happens in the server. If it throws, the server continues. */
export type Trace = (event: ServerTrace) => void

/** The default: problems that need fixing go to standard error, the rest is ignored. */
export const printProblems: Trace = (event) => {
  switch (event._tag) {
    case 'ChannelCrashed':
      print(`channel "${event.topic}" crashed at "${event.event}":`, event.error)
      return
    case 'JoinCrashed':
      print(`the join of "${event.topic}" crashed:`, event.error)
      return
    case 'ConnectCrashed':
      print(`connect of "${event.path}" crashed:`, event.error)
      return
    case 'MalformedFrame':
      print(`a frame on "${event.path}" is not a message: ${event.frame}`, event.error)
      return
    case 'NotEncodable':
      print(`"${event.event}" on "${event.topic}" cannot be sent:`, event.error)
      return
    case 'SlowConsumer':
      print(`a client of "${event.path}" left ${event.bufferedBytes} bytes unread and was cut.`)
      return
    default:
  }
}

/** As one text, since a `%` in the first of several would be a placeholder; clients choose topics, events and frames. */
const print = (text: string, ...errors: readonly unknown[]): void => {
  const stacks = errors.map((error) => ` ${inspect(error).split('\n').map(oneLine).join('\n  ')}`)
  console.error(`rx-phoenix/server: ${oneLine(text)}${stacks.join('')}`)
}

/** A trace that throws must not harm what it watches. */
export const guarded =
  (trace: Trace): Trace =>
  (event) => {
    try {
      trace(event)
    } catch {
      // the listener failed, not the server that it listens to
    }
  }

/** The beginning of a frame as it may be shown. */
export const shown = (frame: string | Uint8Array): string =>
  typeof frame === 'string'
    ? redact(frame.slice(0, 200))
    : Buffer.from(frame.subarray(0, 100)).toString('hex')

/** The name of a topic or event, which is text unless a client made something else of it. */
export const named = (name: unknown): string =>
  typeof name === 'string' ? name : inspect(name, { depth: 0, breakLength: Infinity }).slice(0, 100)
