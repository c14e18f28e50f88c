import { isLeft } from 'fp-ts/Either'
import { DecodeFailed, shownPayload } from '../protocol/decode-failed.ts'
import { CursorInvalid } from './durable-error.ts'
import { type Invalid } from './feed-event.ts'
import { type FeedSettings } from './feed-options.ts'
import { isCursor, type Position } from './position.ts'

/** A message with its position. */
export interface PositionedMessage {
  readonly type: 'positioned'
  readonly event: string
  readonly value: unknown
  readonly position: Position
}

/** Decodes a payload and determines its position. If a function of the user throws, the message is invalid. */
export const readMessage = (
  { decode, cursor, sequence }: Pick<FeedSettings, 'decode' | 'cursor' | 'sequence'>,
  event: string,
  payload: unknown,
): PositionedMessage | Invalid => {
  const invalid = (error: Invalid['error']): Invalid => ({ type: 'invalid', event, payload, error })
  let value = payload
  if (decode) {
    const decoded = decode(payload)
    if (isLeft(decoded))
      return invalid(new DecodeFailed({ event, frame: shownPayload(payload), error: decoded.left }))
    value = decoded.right
  }
  let name: 'cursor' | 'sequence' = 'cursor'
  let found: unknown
  try {
    const at = (found = cursor(value))
    if (isCursor(at)) {
      if (!sequence) return { type: 'positioned', event, value, position: { cursor: at } }
      name = 'sequence'
      found = undefined
      const number = (found = sequence(value))
      if (Number.isSafeInteger(number))
        return { type: 'positioned', event, value, position: { cursor: at, sequence: number } }
    }
    return invalid(new CursorInvalid({ name, cursor: found }))
  } catch (cause) {
    return invalid(new CursorInvalid({ name, cursor: found, cause }))
  }
}
