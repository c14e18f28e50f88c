import {
  channel,
  type ChannelDefinition,
  ok,
  phoenixServer,
  type PhoenixServer,
  stop,
} from 'rx-phoenix/server'
import { type Order, type Payment, type ShippingContract } from './contract.ts'

/** How often each event was pushed. */
export type Ledger = Map<'ship' | 'remind' | 'refund', number>

/** Sends what it is given in small lots, with a pause between them, and closes after `restMs` more. */
const feed = (event: string, payloads: readonly unknown[], restMs: number): ChannelDefinition =>
  channel({
    join: (_params, self) => {
      self.send(0)
    },
    handleInfo: (from, self) => {
      const at = from as number
      if (at > payloads.length) return stop('normal')
      for (const payload of payloads.slice(at, at + 50)) self.push(event, payload)
      self.sendAfter(at + 50, at + 50 < payloads.length ? 5 : restMs)
      return undefined
    },
  })

export const startServer = (
  orders: readonly Order[],
  payments: readonly Payment[],
  ledger: Ledger,
  restMs: number,
): Promise<PhoenixServer> => {
  const count = (event: 'ship' | 'remind' | 'refund') => () => {
    ledger.set(event, (ledger.get(event) ?? 0) + 1)
    return ok({})
  }
  return phoenixServer({
    sockets: {
      '/socket': {
        channels: {
          'orders:all': feed('order', orders, restMs),
          'payments:all': feed('payment', payments, restMs),
          'shipping:all': channel<ShippingContract>({
            handleIn: { ship: count('ship'), remind: count('remind'), refund: count('refund') },
          }),
        },
      },
    },
  })
}
