import { type Connection, type ConnectionState } from './connection-state.ts'
import { type Wire } from './wire.ts'

const wires: WeakMap<Connection, Wire> = new WeakMap()

/**
 * What users see of a wire: an object that a store may freeze, and whose clones and proxies work. The wire, which lives and
 * has tables that hold params and tokens, cannot be got at by it.
 */
export const connectionOf = (wire: Wire): Connection => {
  const connection: Connection = {
    id: wire.id,
    get bufferedAmount() {
      return wire.bufferedAmount
    },
  }
  wires.set(connection, wire)
  return connection
}

/** The wire behind a state, if it is open. */
export const wireOf = (state: ConnectionState): Wire | undefined =>
  state.status === 'open' ? wires.get(state.connection) : undefined
