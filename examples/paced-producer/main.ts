import { concat, concatMap, defer, finalize, lastValueFrom, range } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { channel, ok, phoenixServer } from 'rx-phoenix/server'
import { tokenBucket } from './token-bucket.ts'

const SAMPLES = 300
const PER_SECOND = 400
const BURST = 100
const AT_MOST_BUFFERED_BYTES = 256_000
/** So large that a burst of them is more than may wait. */
const samples = 'x'.repeat(50_000)

interface Telemetry {
  readonly pushes: {
    readonly sample: { readonly payload: { readonly n: number; readonly samples: string } }
    readonly count: { readonly payload: object; readonly reply: { readonly count: number } }
  }
}

let received = 0
const server = await phoenixServer({
  sockets: {
    '/socket': {
      channels: {
        'telemetry:1': channel<Telemetry>({
          handleIn: {
            sample: () => {
              received += 1
            },
            count: () => ok({ count: received }),
          },
        }),
      },
    },
  },
})

const socket = phoenixSocket(`${server.url}/socket`)
const telemetry = socket.channel<Telemetry>('telemetry:1')
const token$ = tokenBucket({ perSecond: PER_SECOND, burst: BURST })

/** How many bytes have been handed over and not yet sent. */
const bufferedAmount = (): number =>
  socket.state.status === 'open' ? socket.state.connection.bufferedAmount : 0

let most = 0
const sample = (n: number) =>
  concat(token$, telemetry.send('sample', { n, samples }, { highWaterMark: AT_MOST_BUFFERED_BYTES })).pipe(
    finalize(() => (most = Math.max(most, bufferedAmount()))),
  )

// concatMap asks for the next sample when the last one has been handed over: nothing is produced that has to wait.
const held = telemetry.subscribe()
const beganAt = performance.now()
await lastValueFrom(range(0, SAMPLES).pipe(concatMap(sample)))
const tookMs = performance.now() - beganAt
const { count } = await lastValueFrom(defer(() => telemetry.push('count', {})))
held.unsubscribe()
await server.close()

const leastMs = ((SAMPLES - BURST) / PER_SECOND) * 1_000
const paced = tookMs >= leastMs
// One sample goes over the mark, since it is looked at before.
const bounded = most < AT_MOST_BUFFERED_BYTES + 2 * samples.length
console.log(`${count} of ${SAMPLES} samples arrived, none sooner than ${PER_SECOND} a second allow: ${paced}`)
console.log(`never more than ${AT_MOST_BUFFERED_BYTES} bytes and one sample waited to be sent: ${bounded}`)
process.exitCode = count === SAMPLES && paced && bounded ? 0 : 1
