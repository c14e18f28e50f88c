import { isRight } from 'fp-ts/Either'
import { decodePresenceDiff, decodePresenceState, type PresenceState, syncDiff, syncState } from '../index.ts'

/**
 * The presences of a topic after one more message, given those before it. Undefined for any other message, and for a
 * difference to a list that was never seen.
 */
export const presentAfter = (
  before: PresenceState | undefined,
  event: string,
  payload: unknown,
): PresenceState | undefined => {
  if (event === 'presence_state') {
    const decoded = decodePresenceState(payload)
    return isRight(decoded) ? syncState(before ?? new Map(), decoded.right) : undefined
  }
  if (event !== 'presence_diff' || !before) return undefined
  const decoded = decodePresenceDiff(payload)
  return isRight(decoded) ? syncDiff(before, decoded.right) : undefined
}
