import { Observable, type OperatorFunction } from 'rxjs'
import { type Frame } from '../protocol/message.ts'
import { NO_LINK_EVENT } from '../transport/dial.ts'
import { type Link, type LinkEvent } from '../transport/transport.ts'
import { type SocketContext } from './socket-context.ts'
import { toConnectionError } from './to-connection-error.ts'
import { Wire } from './wire.ts'

/**
 * Makes a wire of the link when it opens, passes it the frames that follow, and emits what `use` makes of it. One operator,
 * since every frame goes through here.
 *
 *     events  -o-f-f-f-#
 *     use      a-b-
 *     result  -a-b-----#
 */
export const intoWire =
  <A>(
    context: SocketContext,
    proved: () => void,
    use: (wire: Wire) => Observable<A>,
  ): OperatorFunction<LinkEvent, A> =>
  (events$) =>
    new Observable((subscriber) => {
      let wire: Wire | undefined
      const lost = (error: unknown): void => {
        subscriber.error(toConnectionError(error, wire !== undefined))
      }
      // Added first: subscribers find the wire closed when the loss reaches them, so nothing is written to a dead link.
      subscriber.add(() => wire?.close())
      const opened = (link: Link): void => {
        wire = new Wire(link, context, proved, lost)
        use(wire).subscribe(subscriber)
      }
      return events$.subscribe({
        // Checks which fields are there, since a custom transport may emit anything.
        next: (event: { readonly frame?: Frame; readonly link?: Link } | null) => {
          if (event?.frame !== undefined) wire?.receive(event.frame)
          else if (event?.link && !wire) opened(event.link)
          else lost(NO_LINK_EVENT)
        },
        error: (error) => {
          wire?.flush()
          lost(error)
        },
      })
    })
