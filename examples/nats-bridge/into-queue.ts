import { type JetStreamClient } from '@nats-io/jetstream'
import { concatMap, defer, map, type Observable, retry, tap } from 'rxjs'
import { type PhoenixSocket } from 'rx-phoenix'
import { type OrdersContract } from './contract.ts'
import { SUBJECT } from './queue.ts'

const ATTEMPTS = 5
const BETWEEN_MS = 200

export interface Queued {
  readonly seq: number
  /** The queue had it already. */
  readonly duplicate: boolean
}

/**
 * Channel to queue. Each order is published under its id until the queue confirms it; at a rejoin the server is asked for
 * what comes after the last **confirmed** one, and not after the last one seen: what was in between is sent again, and the
 * queue leaves out what it has. Ends with the channel; errors if the queue stays away, to begin anew.
 */
export const intoQueue = (socket: PhoenixSocket, publisher: JetStreamClient): Observable<Queued> =>
  defer(() => {
    let confirmed = 0
    const orders = socket.channel<OrdersContract>('orders:new', { params: () => ({ after: confirmed }) })
    return orders.on('order').pipe(
      // concatMap: in order, so that `confirmed` has no gap before it.
      concatMap((order) =>
        defer(() => publisher.publish(SUBJECT, JSON.stringify(order), { msgID: order.id })).pipe(
          retry({ count: ATTEMPTS, delay: BETWEEN_MS }),
          map(({ duplicate }): Queued => ({ seq: order.seq, duplicate })),
        ),
      ),
      tap(({ seq }) => {
        confirmed = Math.max(confirmed, seq)
      }),
    )
  })
