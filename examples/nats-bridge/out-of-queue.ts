import { type Consumer, type JsMsg } from '@nats-io/jetstream'
import { catchError, defer, finalize, from, map, mergeMap, type Observable, of, switchMap } from 'rxjs'
import { type PhoenixSocket, type PushError } from 'rx-phoenix'
import { type DoneContract, type Order } from './contract.ts'

const IN_FLIGHT = 8
const REDELIVER_MS = 50

export type Worked =
  | { readonly type: 'settled'; readonly id: string; readonly again: boolean }
  | { readonly type: 'put back'; readonly id: string; readonly because: PushError['_tag'] }
  | { readonly type: 'turned down'; readonly id: string; readonly because: PushError['_tag'] }

/**
 * Queue to channel. An order is acknowledged when the server has answered the push, and no sooner, so none is lost: one
 * whose answer got lost is delivered again, to this worker or to another, and pushed again under the same id. What the
 * server refuses would be refused for ever, so it is not delivered again. Runs until it is unsubscribed.
 */
export const outOfQueue = (socket: PhoenixSocket, consumer: Consumer, worker: string): Observable<Worked> => {
  const done = socket.channel<DoneContract>('orders:done', { lingerMs: 1_000 })

  const settle = (message: JsMsg): Observable<Worked> => {
    const { id } = message.json<Order>()
    return done.push('settle', { id, worker }).pipe(
      // The queue has to confirm too, or it delivers once more.
      mergeMap(({ again }) =>
        defer(() => message.ackAck()).pipe(map((): Worked => ({ type: 'settled', id, again }))),
      ),
      catchError(({ _tag }: PushError) => {
        const hopeless = _tag === 'PushRefused' || _tag === 'InvalidPayload'
        if (hopeless) message.term()
        else message.nak(REDELIVER_MS)
        return of<Worked>({ type: hopeless ? 'turned down' : 'put back', id, because: _tag })
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
