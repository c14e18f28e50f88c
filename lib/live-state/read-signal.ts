import { type Dialect } from './dialects.ts'
import { type Signal } from './versioned-state.ts'

/** Reads a message of the server by the names of its dialect. */
export const readSignal = (
  { change, error, stateKey = 'state', versionKey = 'version', operationsKey = 'operations' }: Dialect,
  event: string,
  payload: unknown,
): Signal => {
  if (event === error) return { type: 'failed', error: payload }
  const isChange = event === change
  const key = isChange ? stateKey : operationsKey
  const version = own(payload, versionKey)
  const content = own(payload, key)
  if (content === undefined || !Number.isSafeInteger(version) || (version as number) < 0)
    return { type: 'malformed', error: `not an object with ${key} and ${versionKey}, a whole number` }
  return isChange
    ? { type: 'change', whole: { state: content, version: version as number } }
    : { type: 'patch', operations: content, version: version as number }
}

const own = (payload: unknown, key: string): unknown =>
  typeof payload === 'object' && payload !== null && Object.hasOwn(payload, key)
    ? (payload as Readonly<Record<string, unknown>>)[key]
    : undefined
