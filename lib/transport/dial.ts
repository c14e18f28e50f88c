import { DEV } from '../protocol/dev.ts'
import { defer, type Observable, tap } from 'rxjs'
import { ConnectionClosed } from '../protocol/connection-error.ts'
import { type LinkEvent, type Transport, type TransportTarget } from './transport.ts'

/** The reason if a custom transport returned something else. */
export const NO_LINK_EVENT: string | false = DEV && 'the transport emitted a value that is not a LinkEvent'

/** A transport that completes has lost its link for an unknown reason. */
export const transportEnded = (): ConnectionClosed =>
  new ConnectionClosed({ code: 1005, reason: DEV ? 'the transport ended' : '', wasClean: true })

/** Opens a link; errors also if the transport throws, or completes. */
export const dial = (transport: Transport, target: TransportTarget): Observable<LinkEvent> =>
  defer(() => transport(target)).pipe(
    tap({
      complete: () => {
        throw transportEnded()
      },
    }),
  )
