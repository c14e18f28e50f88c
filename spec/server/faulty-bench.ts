import { type Faults, ok } from '../../lib/server/index.ts'
import { rawClient, type RawClient } from './raw-client.ts'
import { type ServerBench, serverBench } from './server-bench.ts'

/** A server whose rooms answer with what they are sent, and a client of it that has joined one, with faults from then on. */
export const faultyBench = (): {
  readonly start: ReturnType<typeof serverBench>
  readonly joined: (faults?: Faults) => Promise<RawClient & ServerBench>
} => {
  const start = serverBench()
  const joined = async (faults: Faults = {}) => {
    const bench = await start({
      channels: { 'room:*': { handleIn: (_event, payload) => ok(payload) } },
    })
    const client = await rawClient(bench.url)
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    await client.next()
    bench.server.injectFaults(faults)
    return { ...client, ...bench }
  }
  return { start, joined }
}
