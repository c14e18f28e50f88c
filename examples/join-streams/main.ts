import { lastValueFrom, toArray } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { type Order, type Payment } from './contract.ts'
import { type Ledger, startServer } from './server.ts'
import { shipPaidOrders } from './ship-paid-orders.ts'

const ORDERS = 600
const WITHIN_MS = 2_000

const orders = Array.from({ length: ORDERS }, (_, i): Order => ({ id: `o${i}`, item: `item ${i % 9}` }))
/** Every tenth order is not paid; every hundredth payment is for an order that nobody knows. They come in another order. */
const payments = orders
  .filter((_, i) => i % 10 !== 0)
  .map(({ id }, i): Payment => ({ orderId: i % 100 === 99 ? `${id}?` : id, cents: 100 + i }))
  .map((payment, i) => ({ payment, at: (i * 7919) % ORDERS }))
  .sort((a, b) => a.at - b.at)
  .map(({ payment }) => payment)

const ledger: Ledger = new Map()
const server = await startServer(orders, payments, ledger, 1.5 * WITHIN_MS)
const told = await lastValueFrom(
  shipPaidOrders(phoenixSocket(`${server.url}/socket`), WITHIN_MS).pipe(toArray()),
)
await server.close()

const known = new Set(orders.map(({ id }) => id))
const paid = payments.filter(({ orderId }) => known.has(orderId)).length
const counted = (event: 'ship' | 'remind' | 'refund'): number => ledger.get(event) ?? 0
const right =
  counted('ship') === paid &&
  counted('remind') === ORDERS - paid &&
  counted('refund') === payments.length - paid &&
  told.every((joined) => joined.type !== 'pair' || joined.left.id === joined.right.orderId)

console.log(`${ORDERS} orders, ${payments.length} payments`)
console.log(`${counted('ship')} shipped, ${counted('remind')} reminded, ${counted('refund')} refunded`)
console.log(right ? 'each order and each payment once' : 'WRONG')
process.exitCode = right ? 0 : 1
