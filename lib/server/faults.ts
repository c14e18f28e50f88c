import { inspect } from 'node:util'
import { type Frame } from '../protocol/message.ts'
import { isThenable } from './mailbox.ts'
import { type ServerSocket } from './server-socket.ts'

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

/** Faults to test a client with. All may be left out. */
export interface Faults {
  /** What becomes of one frame. Default: it passes. */
  readonly frame?: (transit: FrameInTransit) => FrameFault
  /** How long a join waits before it runs, in milliseconds; the connection is held up meanwhile, as by a slow `join`. */
  readonly joinDelayMs?: number | ((topic: string) => number)
}

/** The faults that are in force now; they may be changed while the server runs. */
export interface FaultBox {
  current: Faults
}

/** The frame as it arrives: nothing at all if it is undefined. */
export const garbled = (frame: Frame): Frame =>
  typeof frame === 'string' ? frame.slice(0, frame.length / 2) : frame.subarray(0, frame.byteLength / 2)

/**
 * What happens to this frame. A function that throws, or gives what is no fault (a promise, for one), is reported as a
 * warning and harms nothing: the frame passes.
 */
export const faultOf = ({ frame }: Faults, transit: FrameInTransit): FrameFault => {
  try {
    const fault: unknown = frame?.(transit) ?? 'pass'
    if (isFault(fault)) return fault
    warnOf(fault, 'fault of a frame')
  } catch (error) {
    warn(`threw: ${String(error)}`)
  }
  return 'pass'
}

const isFault = (value: unknown): value is FrameFault => {
  if (typeof value !== 'object' || value === null) return WORDS.has(value)
  if ('delayMs' in value) return isDelay(value.delayMs)
  if (!('replaceWith' in value)) return false
  return typeof value.replaceWith === 'string' || value.replaceWith instanceof Uint8Array
}
const WORDS: ReadonlySet<unknown> = new Set(['pass', 'drop', 'garble', 'cut'])
const isDelay = (value: unknown): value is number => typeof value === 'number' && value >= 0

/** How long a join of this topic is held back; 0: not at all. */
export const joinDelayOf = ({ joinDelayMs = 0 }: Faults, topic: string): number => {
  try {
    const delay: unknown = typeof joinDelayMs === 'function' ? joinDelayMs(topic) : joinDelayMs
    if (isDelay(delay)) return delay
    warnOf(delay, 'delay of a join')
  } catch (error) {
    warn(`threw: ${String(error)}`)
  }
  return 0
}

const warnOf = (given: unknown, wanted: string): void => {
  // What a promise comes to is not waited for, and if it rejects, nobody else hears of it.
  if (isThenable(given)) void given.then(undefined, () => undefined)
  const shown = isThenable(given) ? 'a promise' : inspect(given, { depth: 0, breakLength: Infinity })
  warn(`gave ${shown.slice(0, 100)}, which is no ${wanted}`)
}

const warn = (what: string): void => {
  process.emitWarning(`rx-phoenix/server: a function among the faults ${what}`)
}
