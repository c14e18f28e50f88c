import { connect } from '@nats-io/transport-node'
import { filter, ignoreElements, lastValueFrom, merge, take, tap } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { type Order } from './contract.ts'
import { intoQueue } from './into-queue.ts'
import { outOfQueue, type Worked } from './out-of-queue.ts'
import { orderQueue, SUBJECT } from './queue.ts'
import { type Ledger, startServer } from './server.ts'

const ORDERS = 300
const [servers = 'nats://127.0.0.1:4222'] = process.argv.slice(2)

const orders = Array.from({ length: ORDERS }, (_, i): Order => ({ seq: i + 1, id: `order-${i + 1}` }))
const ledger: Ledger = new Map()
const server = await startServer(orders, ledger, ORDERS / 3)
const url = `${server.url}/socket`
const connection = await connect({ servers })
try {
  const queue = await orderQueue(connection)
  // Something else has got into the queue: it is turned down, and stops nobody.
  await queue.publisher.publish(SUBJECT, 'no JSON')
  let duplicates = 0
  let putBack = 0
  let turnedDown = 0
  const settled: Set<string> = new Set()
  const note = (worked: Worked): void => {
    if (worked.type === 'settled') settled.add(worked.id)
    if (worked.type === 'put back') putBack += 1
    if (worked.type === 'turned down') turnedDown += 1
  }

  // In earnest these are three programs, and as many workers as it takes.
  const into$ = intoQueue(phoenixSocket(url), queue.publisher).pipe(
    tap(({ duplicate }) => {
      if (duplicate) duplicates += 1
    }),
    ignoreElements(),
  )
  const ann$ = outOfQueue(phoenixSocket(url), await queue.worker(), 'ann')
  const bob$ = outOfQueue(phoenixSocket(url), await queue.worker(), 'bob')
  await lastValueFrom(
    merge(into$, ann$, bob$).pipe(
      tap(note),
      filter(() => settled.size === ORDERS),
      take(1),
    ),
  )

  const by = (worker: string): number =>
    [...ledger.values()].filter(({ workers }) => workers[0] === worker).length
  const again = [...ledger.values()].filter(({ workers }) => workers.length > 1).length
  console.log(`${ORDERS} orders, ${ledger.size} settled: ${by('ann')} by ann, ${by('bob')} by bob`)
  console.log(`${putBack} put back when the line was cut, ${again} settled again under the same id`)
  console.log(`${turnedDown} turned down, since it was no order`)
  console.log(`${duplicates} offered to the queue again, and left out`)
  process.exitCode = ledger.size === ORDERS && by('ann') > 0 && by('bob') > 0 && again > 0 ? 0 : 1
} finally {
  await connection.close()
  await server.close()
}
