import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { decodePresenceDiff, decodePresenceState, type PresenceState, syncDiff, syncState } from '../index.ts'

const none = (): PresenceState | undefined => undefined

/**
 * The presences of a topic after one more message, given those before it. Undefined for any other message, and for a
 * difference to a list that was never seen.
 */
export const presentAfter = (
  before: PresenceState | undefined,
  event: string,
  payload: unknown,
): PresenceState | undefined => {
  if (event === 'presence_state')
    return pipe(
      decodePresenceState(payload),
      E.match(none, (state) => syncState(before ?? new Map(), state)),
    )
  if (event !== 'presence_diff' || !before) return undefined
  return pipe(
    decodePresenceDiff(payload),
    E.match(none, (diff) => syncDiff(before, diff)),
  )
}
