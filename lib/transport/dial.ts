import { DEV } from '../protocol/dev.ts'
import { defer, Observable } from 'rxjs'
import { ConnectionClosed } from '../protocol/connection-error.ts'
import { type LinkEvent, type Transport, type TransportTarget } from './transport.ts'

/** The reason if a custom transport returned something else. */
export const NO_LINK_EVENT: string | false = DEV && 'the transport gave what is no LinkEvent.'

/** Opens a link. A transport that throws has failed, and one that completes has lost its link for an unknown reason. */
export const dial = (transport: Transport, target: TransportTarget): Observable<LinkEvent> =>
  new Observable((subscriber) =>
    defer(() => transport(target)).subscribe({
      next: (event) => {
        subscriber.next(event)
      },
      error: (error) => {
        subscriber.error(error)
      },
      complete: () => {
        const reason = DEV ? 'the transport ended' : ''
        subscriber.error(new ConnectionClosed({ code: 1005, reason, wasClean: true }))
      },
    }),
  )
