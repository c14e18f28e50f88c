import { type Subscriber, type Unsubscribable } from 'rxjs'
import { ConnectTimeout } from '../protocol/connection-error.ts'
import { type SocketContext } from './socket-context.ts'
import { type Expiring } from './time-limits.ts'

/**
 * An attempt to connect until it is open, with its time limit: after `connectTimeoutMs` the subscriber gets
 * `ConnectTimeout`. New inputs start it again.
 */
export class Opening implements Expiring, Unsubscribable {
  /** Whether url, params and token are known. */
  evaluated = false
  /** Undefined once it is open. */
  startedAt: number | undefined
  private readonly context: SocketContext
  private readonly subscriber: Subscriber<unknown>
  private limit: Unsubscribable | undefined

  constructor(context: SocketContext, subscriber: Subscriber<unknown>) {
    this.context = context
    this.subscriber = subscriber
  }

  start(): void {
    const { limits, settings } = this.context
    const { connectTimeoutMs, scheduler } = settings
    this.limit?.unsubscribe()
    this.startedAt = scheduler.now()
    this.limit = limits(connectTimeoutMs, this)
  }

  expire(): void {
    this.subscriber.error(new ConnectTimeout(this.context.settings.connectTimeoutMs))
  }

  /** It is open, or was given up. */
  unsubscribe(): void {
    this.startedAt = undefined
    this.limit?.unsubscribe()
  }
}
