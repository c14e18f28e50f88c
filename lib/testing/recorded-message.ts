import { isLeft } from 'fp-ts/Either'
import { decodeClientPush } from '../protocol/binary-v2.ts'
import { serializerV1 } from '../protocol/json-v1.ts'
import { serializerV2 } from '../protocol/json-v2.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { type SessionEvent } from './session.ts'

/** The message of a recorded frame; undefined if the event is not a frame, or the frame not a valid message. */
export const recordedMessage = (event: SessionEvent, vsn: string): Message | undefined => {
  const frame = frameOf(event)
  if (frame === undefined) return undefined
  const serializer = vsn.startsWith('1.') ? serializerV1 : serializerV2
  const decoded =
    typeof frame !== 'string' && event.type === 'out' ? decodeClientPush(frame) : serializer.decode(frame)
  return isLeft(decoded) ? undefined : decoded.right
}

/** The frame as it was carried; undefined for other events. */
export const frameOf = (event: SessionEvent): Frame | undefined => {
  if (event.type !== 'in' && event.type !== 'out') return undefined
  return 'base64' in event
    ? Uint8Array.from(atob(event.base64), (char) => char.charCodeAt(0))
    : (event as { readonly text: string }).text
}
