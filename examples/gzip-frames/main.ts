import { firstValueFrom } from 'rxjs'
import { phoenixSocket, type Serializer, serializerV2, type TraceEvent, traceTo } from 'rx-phoenix'
import { ok, phoenixServer } from 'rx-phoenix/server'
import { gzipSerializer } from './gzip-serializer.ts'

/** A list of the kind that compresses well, as lists of records do. */
const readings = Array.from({ length: 500 }, (_, i) => ({
  sensor: `sensor-${i % 7}`,
  celsius: 20 + (i % 10),
}))

const server = await phoenixServer({
  sockets: {
    '/socket': {
      serializers: [gzipSerializer],
      channels: { log: { handleIn: (_event, payload) => ok(payload) } },
    },
  },
})

/** Pushes the readings, and gives what came back and how many bytes went over the wire. */
const echoed = async (
  serializer: Serializer = serializerV2,
): Promise<{ readonly bytes: number; readonly same: boolean }> => {
  let bytes = 0
  const trace = (event: TraceEvent): void => {
    if (event.type === 'frame-in' || event.type === 'frame-out') bytes += event.byteLength
  }
  const socket = phoenixSocket(`${server.url}/socket`, { serializer, trace: traceTo(trace) })
  const reply = await firstValueFrom(socket.channel('log').push('readings', { readings }))
  return { bytes, same: JSON.stringify(reply) === JSON.stringify({ readings }) }
}

const plain = await echoed()
const small = await echoed(gzipSerializer)
await server.close()

console.log(`plain  ${plain.bytes} bytes, the same came back: ${plain.same}`)
console.log(`gzip   ${small.bytes} bytes, the same came back: ${small.same}`)
process.exitCode = plain.same && small.same && small.bytes * 5 < plain.bytes ? 0 : 1
