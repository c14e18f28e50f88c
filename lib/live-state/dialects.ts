import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'

/** How a server that owns a state names things on the wire. */
export interface Dialect {
  /** The event that brings a whole state with its version. */
  readonly change: string
  /** The event that brings a JSON Patch with the version that it leads to. */
  readonly patch: string
  /** The event that comes in place of a state if there is none. */
  readonly error: string
  /** What stands before the name of an event to the server. */
  readonly eventPrefix: string
  /** The event that asks for the whole state. Absent: the server offers none, a rejoin brings it. */
  readonly refresh?: string
  /** The one event that carries `{ name, detail }`. Absent: events of the server come under their own names. */
  readonly event?: string
  /** The keys of the payloads. Defaults: `state`, `version`, `operations`. */
  readonly stateKey?: string
  readonly versionKey?: string
  readonly operationsKey?: string
}

/** Seance 0.1, and LiveState 0.8 (of March 2025 or later: before, a refresh crashed the channel). */
export const dialects: Readonly<Record<'seance' | 'live-state', Dialect>> = {
  seance: {
    change: 'seance:change',
    patch: 'seance:patch',
    error: 'seance:error',
    eventPrefix: 'seance:event:',
    event: 'seance:event',
  },
  'live-state': {
    change: 'state:change',
    patch: 'state:patch',
    error: 'error',
    eventPrefix: 'lvs_evt:',
    refresh: 'lvs_refresh',
    operationsKey: 'patch',
  },
}

/** A dialect by its name, or as it is. Throws `InvalidArgument`. */
export const dialectOf = (dialect: keyof typeof dialects | Dialect): Dialect => {
  const found = typeof dialect === 'string' ? dialects[dialect] : (dialect as Dialect | undefined)
  if (typeof found?.change !== 'string' || typeof found.patch !== 'string')
    throw new InvalidArgument(
      'dialect',
      dialect,
      DEV && "pass 'seance', 'live-state', or the names of a dialect.",
    )
  return found
}
