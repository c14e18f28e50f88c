import { inspect } from 'node:util'
import { type Frame } from '../protocol/message.ts'
import { isThenable } from './mailbox.ts'
import { type ServerSocket } from './server-socket.ts'
import { warn } from './warn.ts'

/** A frame on its way, as a fault sees it. */
export interface FrameInTransit {
  /** `in`: from the client to the server. */
  readonly direction: 'in' | 'out'
  readonly frame: Frame
  readonly socket: ServerSocket
}

/**
 * What happens to a frame: it passes, is lost, arrives broken (its first half only), arrives late (and what is behind
 * it on the same connection as well, for the order is kept), is replaced, or the connection is cut instead of it.
 */
export type FrameFault =
  'pass' | 'drop' | 'garble' | 'cut' | { readonly delayMs: number } | { readonly replaceWith: Frame }

/**
 * What becomes of a leave: it is answered, `phx_close` comes without an answer, or both come late, in milliseconds. What is
 * sent to the topic meanwhile is lost; a join meanwhile is answered first, then comes the `phx_close` of the old join, and the
 * leave stays without an answer, as now and then happens where a leave and a join are sent together.
 */
export type LeaveFault = 'answered' | 'unanswered' | { readonly delayMs: number }

/** Faults to test a client with. All may be left out. */
export interface Faults {
  /** What becomes of one frame. Default: it passes. */
  readonly frame?: (transit: FrameInTransit) => FrameFault
  /** How long a join waits before it runs, in milliseconds; the whole connection waits for it, as for a slow `join`. */
  readonly joinDelayMs?: number | ((topic: string) => number)
  /** What becomes of leaves. Default: they are answered. */
  readonly leave?: LeaveFault | ((topic: string) => LeaveFault)
  /**
   * How many broadcasts come twice after a join that replaced another one on the same connection, as may happen while the
   * process that is replaced is still subscribed. Default 0.
   */
  readonly doubledBroadcasts?: number | ((topic: string) => number)
}

/** The faults that are in force now; they may be changed while the server runs. */
export interface FaultBox {
  current: Faults
}

/** The frame as it arrives: nothing at all if it is undefined. */
export const garbled = (frame: Frame): Frame =>
  typeof frame === 'string' ? frame.slice(0, frame.length / 2) : frame.subarray(0, frame.byteLength / 2)

/**
 * What happens to this frame. A function that throws, or returns something other than a fault (such as a promise), is reported as a
 * warning and harms nothing: the frame passes.
 */
export const faultOf = ({ frame }: Faults, transit: FrameInTransit): FrameFault =>
  asked<FrameFault>(() => frame?.(transit) ?? 'pass', isFault, 'a fault of a frame', 'pass')

const isFault = (value: unknown): value is FrameFault => {
  if (typeof value !== 'object' || value === null) return WORDS.has(value)
  if ('delayMs' in value) return isDelay(value.delayMs)
  if (!('replaceWith' in value)) return false
  return typeof value.replaceWith === 'string' || value.replaceWith instanceof Uint8Array
}
const WORDS: ReadonlySet<unknown> = new Set(['pass', 'drop', 'garble', 'cut'])
const isDelay = (value: unknown): value is number => typeof value === 'number' && value >= 0

/** How long a join of this topic is held back; 0: not at all. */
export const joinDelayOf = ({ joinDelayMs = 0 }: Faults, topic: string): number =>
  asked(() => valueFor(joinDelayMs, topic), isDelay, 'a delay of a join', 0)

/** What becomes of a leave of this topic. */
export const leaveFaultOf = ({ leave = 'answered' }: Faults, topic: string): LeaveFault =>
  asked<LeaveFault>(() => valueFor(leave, topic), isLeaveFault, 'a fault of a leave', 'answered')

const isLeaveFault = (value: unknown): value is LeaveFault =>
  value === 'answered' ||
  value === 'unanswered' ||
  (typeof value === 'object' && value !== null && 'delayMs' in value && isDelay(value.delayMs))

/** How many broadcasts come twice after a join of this topic that replaced another one. */
export const doubledBroadcastsOf = ({ doubledBroadcasts = 0 }: Faults, topic: string): number =>
  asked(() => valueFor(doubledBroadcasts, topic), isDelay, 'a number of broadcasts', 0)

const valueFor = <A>(given: A | ((topic: string) => A), topic: string): A =>
  typeof given === 'function' ? (given as (topic: string) => A)(topic) : given

/** The result of a user's function, if it is valid. */
const asked = <A>(
  ask: () => unknown,
  isWanted: (said: unknown) => said is A,
  wanted: string,
  otherwise: A,
): A => {
  try {
    const said = ask()
    if (isWanted(said)) return said
    warn(`a function among the faults gave ${shown(said)}, which is not ${wanted}`)
  } catch (error) {
    warn(`a function among the faults threw: ${String(error)}`)
  }
  return otherwise
}

const shown = (said: unknown): string => {
  if (!isThenable(said)) return inspect(said, { depth: 0, breakLength: Infinity }).slice(0, 100)
  // It is not awaited, and nobody else handles its rejection.
  void said.then(undefined, () => undefined)
  return 'a promise'
}
