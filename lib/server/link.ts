import { type OutFrame } from './server-serializer.ts'

/** The way to one client, whatever carries it. */
export interface Link {
  readonly send: (frame: OutFrame) => void
  /** Ends the connection in good order, with a WebSocket close code. */
  readonly close: (code: number) => void
  /** Ends it as a cut cable would. */
  readonly kill: () => void
  /** Stops reading from the client, and begins again: for what comes faster than it can be handled. */
  readonly pause: () => void
  readonly resume: () => void
  /** Bytes that wait for the client to take them. */
  readonly bufferedBytes: () => number
  /** Resolves when most of what was sent is gone, or the link is. */
  readonly drained: () => Promise<void>
}
