import { channel, error, ok, phoenixServer, type PhoenixServer } from 'rx-phoenix/server'

/** A shop whose orders can be subscribed to, in the protocol of Absinthe.Phoenix. */
export interface Shop {
  readonly server: PhoenixServer
  /** How many subscriptions are alive. */
  readonly subscriptions: () => number
}

interface Document {
  readonly query: string
  readonly variables?: { readonly customer?: string; readonly item?: string }
}

export const startShop = async (): Promise<Shop> => {
  /** The ends of the subscriptions that are alive, by id. An id is a topic. */
  const alive = new Map<string, { readonly customer: string; readonly end: () => void }>()
  let ids = 0

  const publish = (order: { readonly customer: string; readonly item: string }): void => {
    for (const [id, { customer }] of alive)
      if (customer === order.customer)
        server.broadcast(id, 'subscription:data', {
          subscriptionId: id,
          result: { data: { ordered: order } },
        })
  }

  const control = channel({
    handleIn: {
      doc: (payload, room) => {
        const { query, variables: { customer = '', item = '' } = {} } = payload as Document
        if (query.startsWith('mutation')) {
          publish({ customer, item })
          return ok({ data: { order: { item } } })
        }
        if (!query.startsWith('subscription'))
          return error({ errors: [{ message: `syntax error before: ${JSON.stringify(query)}` }] })
        const id = `__absinthe__:doc:${(ids += 1)}`
        const stopForwarding = room.forward(id)
        const end = (): void => {
          stopForwarding()
          alive.delete(id)
        }
        alive.set(id, { customer, end })
        room.signal.addEventListener('abort', end)
        return ok({ subscriptionId: id })
      },
      unsubscribe: (payload) => {
        const { subscriptionId } = payload as { readonly subscriptionId: string }
        alive.get(subscriptionId)?.end()
        return ok({ subscriptionId })
      },
    },
  })

  const server = await phoenixServer({
    sockets: { '/socket': { id: () => 'shop', channels: { '__absinthe__:control': control } } },
  })
  return { server, subscriptions: () => alive.size }
}
