import { type Consumer, type JsMsg } from '@nats-io/jetstream'
import { catchError, defer, finalize, from, map, mergeMap, type Observable, of, switchMap } from 'rxjs'
import { type PhoenixSocket, type PushError } from 'rx-phoenix'
import { type DoneContract, type Order } from './contract.ts'

const IN_FLIGHT = 8
const REDELIVER_MS = 50

export type Worked =
  | { readonly type: 'settled'; readonly id: string; readonly again: boolean }
  | { readonly type: 'put back'; readonly id: string; readonly because: string }
  | { readonly type: 'refused'; readonly id: string; readonly because: string }

/**
 * Queue to channel. An order is acknowledged when the server has answered the push, and no sooner, so none is lost: one
 * whose answer got lost is delivered again, to this worker or to another, and pushed again under the same id. What the
 * server refuses would be refused each time, so it is not delivered again. Runs until it is unsubscribed.
 */
export const outOfQueue = (socket: PhoenixSocket, consumer: Consumer, worker: string): Observable<Worked> => {
  const done = socket.channel<DoneContract>('orders:done', { lingerMs: 1_000 })

  const settle = (message: JsMsg): Observable<Worked> => {
    const id = orderId(message)
    if (id === undefined) {
      // Whatever is in the queue besides orders must not be delivered again and again.
      message.term()
      return of({ type: 'refused', id: `message ${message.seq}`, because: 'it is not an order' })
    }
    return done.push('settle', { id, worker }).pipe(
      // The queue has to confirm too, or it delivers once more.
      mergeMap(({ again }) =>
        defer(() => message.ackAck()).pipe(map((): Worked => ({ type: 'settled', id, again }))),
      ),
      catchError((error: PushError | Error) => {
        const hopeless = error.name === 'PushRefused' || error.name === 'InvalidPayload'
        if (hopeless) message.term()
        else message.nak(REDELIVER_MS)
        return of<Worked>({ type: hopeless ? 'refused' : 'put back', id, because: error.name })
      }),
    )
  }

  return defer(() => consumer.consume({ max_messages: IN_FLIGHT })).pipe(
    switchMap((messages) =>
      from(messages).pipe(
        finalize(() => {
          void messages.close()
        }),
      ),
    ),
    mergeMap(settle, IN_FLIGHT),
  )
}

const orderId = (message: JsMsg): string | undefined => {
  try {
    const { id } = message.json<Partial<Order>>()
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}
