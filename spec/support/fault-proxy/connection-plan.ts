/** `up` is from the client to the server. */
export type Direction = 'up' | 'down'

/** How the bytes of one direction travel. All of them arrive, in order. */
export interface Shape {
  /** In segments of at most so many bytes. */
  readonly splitBytes?: number
  /** Gathered for so long, and then in one write. */
  readonly mergeMs?: number
  /** So much later. */
  readonly delayMs?: number
}

/**
 * How a connection ends, or seems to go on:
 *
 * - `fin`: an orderly end of both sides. `rst`: a hard one.
 * - `silence`: half-open. Both sides keep their connection, and what they send is taken and lost, in one direction or both.
 * - `garbage`: the client gets bytes that are not a WebSocket frame, and then the end.
 */
export type Ending = 'fin' | 'rst' | 'silence up' | 'silence down' | 'silence both' | 'garbage'

/** When it ends: after so many bytes of a direction, be it in the middle of a frame, or after a time. */
export type When = { readonly direction: Direction; readonly bytes: number } | { readonly ms: number }

/**
 * What happens in place of a connection to the server: it is accepted and nothing comes (`stall`), it ends at once, or
 * the request is answered with some text, and the end, unless it is to stay open.
 */
export type Greeting = 'stall' | 'fin' | 'rst' | { readonly answer: string; readonly stayOpen?: boolean }

/** What becomes of one connection; empty: it passes unharmed. */
export interface ConnectionPlan {
  readonly greeting?: Greeting
  readonly up?: Shape
  readonly down?: Shape
  readonly end?: { readonly how: Ending; readonly when: When }
}

/** The plan of each connection, by its number, from 0. */
export type Plans = (connection: number) => ConnectionPlan

export const noFaults: Plans = () => ({})
