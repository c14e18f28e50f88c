import { type Observable, type SchedulerLike } from 'rxjs'
import { type Params } from '../protocol/endpoint-url.ts'
import { type Frame } from '../protocol/message.ts'

/** Where to connect, as evaluated for one attempt. */
export interface TransportTarget {
  /** The mount point of the socket, such as `wss://host/socket`. */
  readonly url: string
  readonly params: Params
  readonly vsn: string
  readonly authToken?: string | undefined
  /** Encodes a heartbeat as the socket does. A transport that sends it gets a frame back if the link carries any. */
  readonly heartbeat?: () => Frame | undefined
  /** That of the socket, for the timers of the transport. */
  readonly scheduler?: SchedulerLike
}

/** The way out of one open transport. */
export interface Link {
  /** Hands one frame over. Frames go out in the order of the calls. */
  send(frame: Frame): void
  /**
   * Bytes handed over and not yet sent, as far as the platform reports it. A wrapper of a link must read it each time: `{ ...link }` would
   * keep the number of that moment.
   */
  readonly bufferedAmount: number
  /**
   * Bytes that have arrived, those of frames that are not whole yet included, where the platform shows it. While this number
   * grows a server counts as alive, as for a large frame on a slow line. Ask it each time, as `bufferedAmount`.
   */
  readonly bytesReceived?: number | undefined
  /**
   * Runs a function in the next task, after the Promises of this one. For a transport that may give several frames in one
   * task, which a browser never does: then a script that awaits one frame and then the next misses none.
   */
  readonly nextTask?: ((run: () => void) => void) | undefined
  /** False if the transport itself notices a server that is gone; then the socket sends heartbeats for probes only. */
  readonly heartbeat?: false
}

/** `open` comes once and first, then frames. */
export type LinkEvent =
  { readonly type: 'open'; readonly link: Link } | { readonly type: 'frame'; readonly frame: Frame }

/**
 * Opens one link for each subscription. Errors with a `ConnectionError` when the link cannot be opened or ends
 * unasked, and never completes. Unsubscribing closes the link with code 1000, whatever its state.
 */
export type Transport = (target: TransportTarget) => Observable<LinkEvent>
