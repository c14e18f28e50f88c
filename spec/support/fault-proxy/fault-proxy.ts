import { type AddressInfo, createServer } from 'node:net'
import { noFaults, type Plans } from './connection-plan.ts'
import { Proxied, type ProxiedConnection } from './proxied-connection.ts'

export interface FaultProxyOptions {
  /** The port of the server behind it, on this machine. */
  readonly port: number
  /** What becomes of each connection. Default: nothing. */
  readonly plans?: Plans
  /** Told of every fault when it happens. */
  readonly onFault?: (connection: number, what: string) => void
}

/** A proxy on this machine that does to connections what networks do. */
export interface FaultProxy {
  readonly port: number
  /** Other plans, for connections to come. */
  use(plans: Plans): void
  /** Those that are open. */
  connections(): readonly ProxiedConnection[]
  /** How many there have been. */
  readonly accepted: number
  close(): Promise<void>
}

/** Listens on a free port. */
export const faultProxy = async ({
  port,
  plans = noFaults,
  onFault = () => undefined,
}: FaultProxyOptions): Promise<FaultProxy> => {
  const open: Set<Proxied> = new Set()
  let current = plans
  let accepted = 0
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const number = accepted++
    const connection = new Proxied(number, client, port, current(number), {
      fault: (what) => {
        onFault(number, what)
      },
      gone: () => open.delete(connection),
    })
    open.add(connection)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    port: (listener.address() as AddressInfo).port,
    use: (next) => {
      current = next
    },
    connections: () => [...open],
    get accepted() {
      return accepted
    },
    close: async () => {
      for (const connection of open) connection.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
