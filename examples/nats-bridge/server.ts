import { channel, ok, phoenixServer, type PhoenixServer } from 'rx-phoenix/server'
import { type DoneContract, type Order, type OrdersContract } from './contract.ts'

/** Who settled an order, and how often it came. */
export type Ledger = Map<string, { readonly workers: readonly string[] }>

/**
 * Gives orders and takes results. Once, in the middle, it has written a result down and then cuts all connections instead
 * of answering: the worst moment, since a worker cannot know what has become of it.
 */
export const startServer = async (
  orders: readonly Order[],
  ledger: Ledger,
  cutAt: number,
): Promise<PhoenixServer> => {
  let cut = false
  const server: PhoenixServer = await phoenixServer({
    sockets: {
      '/socket': {
        id: () => 'all',
        channels: {
          'orders:new': channel<OrdersContract>({
            join: ({ after }, self) => {
              self.send(after)
              return ok({})
            },
            handleInfo: (after, self) => {
              const order = orders[after as number]
              if (!order) return
              self.push('order', order)
              self.sendAfter(order.seq, order.seq % 10 === 0 ? 5 : 0)
            },
          }),
          'orders:done': channel<DoneContract>({
            handleIn: {
              settle: ({ id, worker }) => {
                const { workers } = ledger.get(id) ?? { workers: [] }
                ledger.set(id, { workers: [...workers, worker] })
                if (!cut && ledger.size === cutAt) {
                  cut = true
                  for (const connection of server.connections()) connection.kill()
                  return undefined
                }
                return ok({ again: workers.length > 0 })
              },
            },
          }),
        },
      },
    },
  })
  return server
}
