import { type TraceEvent } from '../index.ts'

/**
 * The element `<rx-phoenix-inspector>`: a timeline of trace events, with a lane for each connection and each topic.
 * `inspector` feeds it from a socket. Its height is that of CSS; the attribute `theme` is `light` or `dark`, by default
 * what the page prefers.
 */
export interface InspectorElement extends HTMLElement {
  /** Adds one trace event. While paused, or while a session is shown, it is kept and shown later. */
  add(event: TraceEvent): void
  /** The clock up to which states that last are drawn, in ms. Undefined, the default: up to the newest event. */
  clock: (() => number) | undefined
  /** Shows a session of `rx-phoenix record` instead of live events. Throws an Error for a text that is not a session. */
  load(session: string): void
  /** What is shown, as a session that `rx-phoenix replay` reads. Binary frames are left out. */
  save(): string
  /**
   * The selected stretch of a channel, or what is in view of the selected or else the first channel, as a marble test.
   * Undefined if no channel is shown.
   */
  marbleTest(): string | undefined
  /** Closes the session that is shown; without one, drops everything that is kept. */
  clear(): void
}
