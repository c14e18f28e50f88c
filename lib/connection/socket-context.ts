import { type Subject } from 'rxjs'
import { type Message, type NextRef } from '../protocol/message.ts'
import { type Inputs } from './inputs.ts'
import { type SocketSettings } from './socket-options.ts'
import { type Trace } from './trace.ts'
import { type TimeLimits } from './within.ts'

/** What all connections and topics of one socket share. */
export interface SocketContext {
  readonly settings: SocketSettings
  readonly inputs: Inputs
  readonly trace: Trace
  readonly limits: TimeLimits
  readonly nextRef: NextRef
  readonly nextConnectionId: NextRef
  /** Every message that arrives over any connection; a payload is read only if somebody is subscribed. */
  readonly arrivals$: Subject<Message>
  /** How many subscribers of the socket and its channels have gone. */
  departures: number
  /** When the last of them went: linger counts from then. */
  departedAt: number
}

/** A subscriber has gone. */
export const departed = (context: SocketContext): void => {
  context.departures += 1
  if (context.settings.lingerMs > 0) context.departedAt = context.settings.scheduler.now()
}
