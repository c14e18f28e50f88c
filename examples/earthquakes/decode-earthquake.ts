import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Earthquake } from './contract.ts'

/** Checks a payload of the server: what comes out of a socket is `unknown` until somebody has looked at it. */
export const decodeEarthquake = (payload: unknown): Either<string, Earthquake> => {
  if (typeof payload !== 'object' || payload === null) return left('an earthquake is an object')
  const { id, time, mag, place } = payload as Readonly<Record<string, unknown>>
  if (typeof id !== 'string') return left('id is a string')
  if (typeof time !== 'number') return left('time is a number')
  if (typeof mag !== 'number') return left('mag is a number')
  if (typeof place !== 'string') return left('place is a string')
  return right({ id, time, mag, place })
}
