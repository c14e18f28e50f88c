import { map } from 'rxjs'
import { callable } from '../connection/checks.ts'
import { type TraceListener } from '../connection/trace.ts'
import { type TraceEvent } from './trace-event.ts'
import { showEvent, traceEvents } from './trace-events.ts'

/** What `traceTo` and `consoleTrace` make: for the option `trace`, or to be called with an event of another tracer. */
export interface Tracer extends TraceListener {
  (event: TraceEvent): void
}

/**
 * A tracer, for the option `trace`, that calls a function for every frame, transition, join, push and heartbeat, every drop
 * and failed decoding, for as long as the socket exists. If the function throws, RxJS reports its error, and the socket
 * carries on. Throws `InvalidArgument` for anything but a function.
 *
 * A socket without a tracer does no work for one, and a bundle that imports none has no code for one.
 */
export const traceTo = (listener: (event: TraceEvent) => void): Tracer => {
  callable('listener', listener)
  const tracer = (event: TraceEvent): void => {
    listener(event)
  }
  return Object.assign(tracer, {
    attach: ((trace, scheduler) =>
      traceEvents(trace, scheduler).pipe(map(showEvent)).subscribe(tracer)) satisfies TraceListener['attach'],
  })
}
