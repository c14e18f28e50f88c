import { map, mergeMap, type Observable } from 'rxjs'
import { type PhoenixSocket } from 'rx-phoenix'
import { type Order, type OrdersContract, type Payment, type PaymentsContract } from './contract.ts'
import { type ShippingContract } from './contract.ts'
import { type Joined, joinById } from './join-by-id.ts'

const PUSHES_IN_FLIGHT = 16

/** Joins `orders:all` with `payments:all` and tells `shipping:all` what to do. Gives what it has told, once answered. */
export const shipPaidOrders = (
  socket: PhoenixSocket,
  withinMs: number,
): Observable<Joined<Order, Payment>> => {
  const orders$ = socket.channel<OrdersContract>('orders:all').on('order')
  const payments$ = socket.channel<PaymentsContract>('payments:all').on('payment')
  const shipping = socket.channel<ShippingContract>('shipping:all', { lingerMs: 1_000 })

  const tell = (joined: Joined<Order, Payment>): Observable<object> => {
    switch (joined.type) {
      case 'pair':
        return shipping.push('ship', { ...joined.left, cents: joined.right.cents })
      case 'left alone':
        return shipping.push('remind', joined.left)
      case 'right alone':
        return shipping.push('refund', joined.right)
    }
  }

  return joinById(orders$, payments$, {
    leftId: ({ id }) => id,
    rightId: ({ orderId }) => orderId,
    withinMs,
    room: 1_000,
  }).pipe(mergeMap((joined) => tell(joined).pipe(map(() => joined)), PUSHES_IN_FLIGHT))
}
