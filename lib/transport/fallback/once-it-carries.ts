import { Observable, type OperatorFunction } from 'rxjs'
import { ConnectionFailed } from '../../protocol/connection-error.ts'
import { NO_LINK_EVENT } from '../dial.ts'
import { type Link, type LinkEvent, type TransportTarget } from '../transport.ts'

/**
 * Holds `open` back until the first frame has come in, which is asked for by a heartbeat: a box on the way may answer an
 * upgrade and then pass nothing, or cut what it let through. That frame follows `open`. Errors with its source, and for an
 * opening without a link. Not composed of operators, since every frame goes through here.
 */
export const onceItCarries =
  ({ heartbeat }: TransportTarget): OperatorFunction<LinkEvent, LinkEvent> =>
  (events$) =>
    new Observable<LinkEvent>((subscriber) => {
      let held: LinkEvent | undefined
      const ask = (link: Link | undefined): void => {
        if (!link) throw new ConnectionFailed(NO_LINK_EVENT)
        const frame = heartbeat?.()
        if (frame !== undefined) link.send(frame)
      }
      return events$.subscribe({
        next: (event) => {
          if (event.type === 'frame') {
            const opening = held
            held = undefined
            if (opening) subscriber.next(opening)
            subscriber.next(event)
            return
          }
          // Held before it is asked, since a server in memory answers within send.
          held = event
          try {
            ask(event.link)
          } catch (error) {
            subscriber.error(error)
          }
        },
        error: (error: unknown) => {
          subscriber.error(error)
        },
      })
    })
