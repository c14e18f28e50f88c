import { callable } from '../connection/checks.ts'
import { headOf, type RawEvent, showFrame, type Tracer } from '../connection/trace.ts'
import { type TraceEvent } from '../connection/trace-event.ts'

/**
 * A tracer, for the option `trace`, that calls a function for every frame, transition, join, push and heartbeat, every drop
 * and failed decoding, for as long as the socket exists. If the function throws, RxJS reports its error, and the socket
 * carries on. Throws `InvalidArgument` for anything but a function.
 *
 * A socket without a tracer does no work for one, and a bundle that imports none has no code for one.
 */
export const traceTo = (listener: (event: TraceEvent) => void): Tracer => {
  callable('listener', listener)
  return Object.assign(
    (event: TraceEvent): void => {
      listener(event)
    },
    { show },
  )
}

const show = (event: RawEvent): TraceEvent =>
  'frame' in event
    ? { ...event, ...showFrame(event.frame), message: event.message && headOf(event.message) }
    : event
