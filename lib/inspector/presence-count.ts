import { isRight } from 'fp-ts/Either'
import { decodePresenceDiff, decodePresenceState, type PresenceState, syncDiff, syncState } from '../index.ts'

/** Follows the presences of one topic and gives their number after each message; undefined for any other message. */
export const presenceCount = (): ((event: string, payload: unknown) => number | undefined) => {
  let state: PresenceState = new Map()
  return (event, payload) => {
    if (event === 'presence_state') {
      const decoded = decodePresenceState(payload)
      if (isRight(decoded)) state = syncState(state, decoded.right)
      return state.size
    }
    if (event === 'presence_diff') {
      const decoded = decodePresenceDiff(payload)
      if (isRight(decoded)) state = syncDiff(state, decoded.right)
      return state.size
    }
    return undefined
  }
}
