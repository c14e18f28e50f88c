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
export const faultOf = ({ frame }: Faults, transit: FrameInTransit): FrameFault =>
  asked<FrameFault>(() => frame?.(transit) ?? 'pass', isFault, 'fault of a frame', 'pass')

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
  asked(
    () => (typeof joinDelayMs === 'function' ? joinDelayMs(topic) : joinDelayMs),
    isDelay,
    'delay of a join',
    0,
  )

/** What a function of the user's says, if it is what is wanted. */
const asked = <A>(
  ask: () => unknown,
  isWanted: (said: unknown) => said is A,
  wanted: string,
  otherwise: A,
): A => {
  try {
    const said = ask()
    if (isWanted(said)) return said
    warn(`a function among the faults gave ${shown(said)}, which is no ${wanted}`)
  } catch (error) {
    warn(`a function among the faults threw: ${String(error)}`)
  }
  return otherwise
}

const shown = (said: unknown): string => {
  if (!isThenable(said)) return inspect(said, { depth: 0, breakLength: Infinity }).slice(0, 100)
  // What it comes to is not waited for, and if it rejects, nobody else hears of it.
  void said.then(undefined, () => undefined)
  return 'a promise'
}
