import { type Observable, type SchedulerLike } from 'rxjs'
import { type SocketSnapshot } from './snapshot.ts'
import { type RawEvent } from './trace.ts'

/** What a socket shows to other parts of the library, and to nobody else. */
export interface Inside {
  /** Everything that happens, from now on. Subscribing does not connect. Never ends. */
  readonly events$: Observable<RawEvent>
  readonly scheduler: SchedulerLike
  readonly inspect: () => SocketSnapshot
}

/** The key under which a socket shows its inside. */
export const INSIDE: unique symbol = Symbol.for('rx-phoenix inside')
