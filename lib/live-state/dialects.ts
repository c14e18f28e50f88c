import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'

/** How a server that owns a state names things on the wire. */
export interface Dialect {
  /** The event that brings a whole state with its version. */
  readonly change: string
  /** The event that brings a JSON Patch with the version that it leads to. */
  readonly patch: string
  /** The event that is sent instead of a state if the server has no state. */
  readonly error: string
  /** The prefix of the name of an event to the server. */
  readonly eventPrefix: string
  /** The event that asks for the whole state. Absent: a rejoin brings the state. */
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

/** A dialect: one of ours by its name, or the one passed in. Throws `InvalidArgument`. */
export const dialectOf = (dialect: keyof typeof dialects | Dialect): Dialect => {
  const found = typeof dialect === 'string' && Object.hasOwn(dialects, dialect) ? dialects[dialect] : dialect
  const names = Object(found) as Partial<Dialect>
  if (DEV) checkNames(dialect, names)
  return names as Dialect
}

const checkNames = (dialect: unknown, names: Partial<Dialect>): void => {
  for (const name of ['change', 'patch', 'error', 'eventPrefix'] as const)
    if (typeof names[name] !== 'string')
      throw new InvalidArgument(
        'dialect',
        dialect,
        `pass 'seance', 'live-state', or an object with change, patch, error and eventPrefix (${name} is missing).`,
      )
  for (const name of ['refresh', 'event', 'stateKey', 'versionKey', 'operationsKey'] as const)
    if (names[name] !== undefined && typeof names[name] !== 'string')
      throw new InvalidArgument(`dialect.${name}`, names[name], 'pass a string, or leave it out.')
  if (names.change === names.patch)
    throw new InvalidArgument('dialect.patch', names.patch, 'pass an event other than change.')
}
