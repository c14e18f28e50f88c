import { type JetStreamClient } from '@nats-io/jetstream'
import { defer, filter, map, type Observable } from 'rxjs'
import { type PhoenixSocket } from 'rx-phoenix'
import { type Checkpoint, feed, processWith } from 'rx-phoenix/durable'
import { type Order, type OrdersContract } from './contract.ts'
import { SUBJECT } from './queue.ts'

export interface Queued {
  readonly seq: number
  /** The queue had it already. */
  readonly duplicate: boolean
}

/**
 * Channel to queue. Each order is published under its id until the queue confirms it, and only then its position is
 * committed; the feed resumes behind that, so what was under way is published again, and the queue leaves out what it has.
 * Ends with the channel; errors if the queue stays away, to begin anew.
 */
export const intoQueue = (
  socket: PhoenixSocket,
  publisher: JetStreamClient,
  checkpoint: Checkpoint,
): Observable<Queued> =>
  feed<OrdersContract, 'order', Order>(socket, {
    topic: 'orders:new',
    event: 'order',
    cursor: ({ seq }) => seq,
    sequence: ({ seq }) => seq,
    params: (cursor) => ({ after: Number(cursor ?? 0) }),
    checkpoint,
    saveEveryMs: 50,
  }).pipe(
    processWith((order) =>
      defer(() => publisher.publish(SUBJECT, JSON.stringify(order), { msgID: order.id })).pipe(
        map(({ duplicate }) => ({ seq: order.seq, duplicate })),
      ),
    ),
    // A gap or an invalid order would be a value here; this server makes none.
    filter((event): event is Queued => 'duplicate' in event),
  )
