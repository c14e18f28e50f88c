import { connect } from '@nats-io/transport-node'
import { defer, EMPTY, retry, switchMap, tap, timer } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { checkpointInBucket } from './checkpoint-in-bucket.ts'
import { intoQueue } from './into-queue.ts'
import { lease } from './lease.ts'
import { LEASE_MS, orderQueue } from './queue.ts'

const BEGIN_ANEW_MS = 200

// `reader.ts NAME URL SERVERS REPLICAS`: reads orders into the queue while it has the lease. Start as many as you like; one works.
const [name = '', url = '', servers = '', replicas = '1'] = process.argv.slice(2)

// It ends with the program that has started it, if one has.
process.once('disconnect', () => process.exit())

const connection = await connect({ servers: servers.split(','), maxReconnectAttempts: -1 })
const { publisher, checkpoints, leases } = await orderQueue(connection, Number(replicas))

const read$ = defer(() =>
  intoQueue(phoenixSocket(url), publisher, checkpointInBucket(checkpoints, 'orders')),
).pipe(
  // The queue was away for longer than a handler is repeated, or another reader has saved the checkpoint.
  retry({ delay: () => timer(BEGIN_ANEW_MS) }),
)

lease(leases, 'orders', name, LEASE_MS)
  .pipe(
    tap((mine) => {
      if (mine) console.log('reads')
    }),
    switchMap((mine) => (mine ? read$ : EMPTY)),
  )
  .subscribe(({ seq, duplicate }) => {
    console.log(`queued ${seq}${duplicate ? ' again' : ''}`)
  })
