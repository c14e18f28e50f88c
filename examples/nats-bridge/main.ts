import { connect } from '@nats-io/transport-node'
import { filter, ignoreElements, lastValueFrom, merge, retry, take, tap, timer } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { type Order } from './contract.ts'
import { outOfQueue, type Worked } from './out-of-queue.ts'
import { orderQueue, SUBJECT } from './queue.ts'
import { type ReaderProcess, readerProcess } from './reader-process.ts'
import { type Ledger, startServer } from './server.ts'

const ORDERS = 300
// `main.ts [SERVERS]`: one address, or those of a cluster with commas between them.
const [servers = 'nats://127.0.0.1:4222'] = process.argv.slice(2)
const replicas = Math.min(3, servers.split(',').length)

const orders = Array.from({ length: ORDERS }, (_, i): Order => ({ seq: i + 1, id: `order-${i + 1}` }))
const ledger: Ledger = new Map()
const server = await startServer(orders, ledger, ORDERS / 3)
const url = `${server.url}/socket`
const connection = await connect({ servers: servers.split(','), maxReconnectAttempts: -1 })
let readers: readonly ReaderProcess[] = []
try {
  const queue = await orderQueue(connection, replicas)
  console.log(`the stream is led by ${(await queue.leader()) ?? 'one server'}`)
  // Something else has got into the queue: it is refused, and stops nobody.
  await queue.publisher.publish(SUBJECT, 'no JSON')

  const takeovers: string[] = []
  let again = 0
  let killed = false
  const follow = (reader: ReaderProcess) =>
    reader.lines$.pipe(
      tap((line) => {
        const [, seq, duplicate] = /^queued (\d+)( again)?$/.exec(line) ?? []
        if (line === 'reads') takeovers.push(reader.name)
        if (duplicate) again += 1
        // The one that works dies in the middle; its lease runs out, and the other takes over.
        if (seq && Number(seq) >= ORDERS / 2 && !killed) {
          killed = true
          reader.kill()
        }
      }),
      ignoreElements(),
    )

  let putBack = 0
  let refused = 0
  const settled: Set<string> = new Set()
  const note = (worked: Worked): void => {
    if (worked.type === 'settled') settled.add(worked.id)
    if (worked.type === 'put back') putBack += 1
    if (worked.type === 'refused') refused += 1
    if (worked.type === 'settled' && settled.size % 50 === 0) console.log(`${settled.size} settled`)
  }
  // In earnest each is a program of its own, on as many machines as it takes.
  const worker = async (name: string) =>
    outOfQueue(phoenixSocket(url), await queue.worker(), name).pipe(retry({ delay: () => timer(200) }))

  const workers = [await worker('ann'), await worker('bob')]
  // Started when all else is there, so that nothing of what they print is missed.
  readers = ['ada', 'ben'].map((name) => readerProcess(name, url, servers, `${replicas}`))
  await lastValueFrom(
    merge(...readers.map(follow), ...workers).pipe(
      tap(note),
      filter(() => settled.size === ORDERS && killed),
      take(1),
    ),
  )

  const by = (name: string): number =>
    [...ledger.values()].filter(({ workers }) => workers[0] === name).length
  const repeated = [...ledger.values()].filter(({ workers }) => workers.length > 1).length
  console.log(`${ORDERS} orders, ${ledger.size} settled: ${by('ann')} by ann, ${by('bob')} by bob`)
  console.log(`${putBack} put back when a line was cut, ${repeated} settled again under the same id`)
  console.log(`${refused} refused, since it was not an order`)
  console.log(`${takeovers.join(', then ')} read; ${again} offered to the queue again, and left out`)
  const whole = ledger.size === ORDERS && by('ann') > 0 && by('bob') > 0 && repeated > 0
  process.exitCode = whole && new Set(takeovers).size === 2 ? 0 : 1
} finally {
  for (const reader of readers) reader.kill()
  await connection.close()
  await server.close()
}
