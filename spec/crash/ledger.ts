import {
  channel,
  memoryLog,
  ok,
  onceByKey,
  phoenixServer,
  type PhoenixServer,
  resumable,
} from '../../lib/server/index.ts'

/** What the server wrote down of one topic. */
export interface Ledger {
  /** The orders that came, in the order in which they were taken. */
  readonly orders: number[]
  /** The entries that were applied, in order. */
  readonly applied: number[]
}

/** A server whose channels take a key once and resume, and what it wrote down. */
export const ledgerServer = async (
  topics: readonly string[],
): Promise<{ readonly server: PhoenixServer; readonly ledgers: ReadonlyMap<string, Ledger> }> => {
  const log = memoryLog({ keep: 1_000_000 })
  const ledgers = new Map(topics.map((topic): [string, Ledger] => [topic, { orders: [], applied: [] }]))
  const channels = Object.fromEntries(
    topics.flatMap((topic) => {
      const ledger = ledgers.get(topic)
      const add = onceByKey((payload) => {
        const { n } = payload as { readonly n: number }
        ledger?.orders.push(n)
        log.append(topic, 'entry', { n })
        return ok()
      })
      const apply = onceByKey((payload) => {
        const { idempotency_key: key } = payload as { readonly idempotency_key: string }
        ledger?.applied.push(Number(key))
        return ok()
      })
      return [
        [topic, resumable(log, channel({ handleIn: { add } }))],
        [`${topic}:applied`, channel({ handleIn: { apply } })],
      ]
    }),
  )
  const server = await phoenixServer({ sockets: { '/socket': { id: () => 'all', channels } } })
  return { server, ledgers }
}
