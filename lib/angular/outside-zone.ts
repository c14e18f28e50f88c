import { type NgZone } from '@angular/core'
import {
  asyncScheduler,
  map,
  Observable,
  type SchedulerAction,
  type SchedulerLike,
  type Subscription,
} from 'rxjs'
import { type SocketOptions } from '../connection/socket-options.ts'
import { type Link, type Transport } from '../transport/transport.ts'
import { webSocketTransport } from '../transport/web-socket.ts'

/**
 * The options of a socket whose connections, listeners and timers run outside Angular's zone, so that neither a frame nor a
 * heartbeat triggers change detection. Subscribers are therefore called outside the zone, too.
 */
export const outsideZone = (options: SocketOptions, zone: NgZone): SocketOptions => {
  const { transport = webSocketTransport(), scheduler = asyncScheduler, wake, pause } = options
  const outside = <A>(source$: Observable<A>): Observable<A> =>
    new Observable((subscriber) => zone.runOutsideAngular(() => source$.subscribe(subscriber)))
  return {
    ...options,
    transport: transportOutside(transport, zone, outside),
    scheduler: schedulerOutside(scheduler, zone),
    ...(wake && { wake: outside(wake) }),
    ...(pause && { pause: outside(pause) }),
  }
}

const transportOutside =
  (transport: Transport, zone: NgZone, outside: <A>(source$: Observable<A>) => Observable<A>): Transport =>
  (target) =>
    outside(transport(target)).pipe(
      map((event) => (event.type === 'open' ? { ...event, link: linkOutside(event.link, zone) } : event)),
    )

/** With long polling a write is a request, whose end would trigger change detection. */
const linkOutside = (link: Link, zone: NgZone): Link => ({
  send: (frame) => {
    zone.runOutsideAngular(() => {
      link.send(frame)
    })
  },
  get bufferedAmount() {
    return link.bufferedAmount
  },
  get bytesReceived() {
    return link.bytesReceived
  },
  nextTask: link.nextTask,
  ...(link.heartbeat === false && { heartbeat: false }),
})

const schedulerOutside = (scheduler: SchedulerLike, zone: NgZone): SchedulerLike => ({
  now: () => scheduler.now(),
  schedule: <T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delayMs?: number,
    state?: T,
  ): Subscription => zone.runOutsideAngular(() => scheduler.schedule(work, delayMs, state)),
})
