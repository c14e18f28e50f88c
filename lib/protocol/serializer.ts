import { type Either, isLeft, left } from 'fp-ts/Either'
import { DEV } from './dev.ts'
import { type Frame, type Message } from './message.ts'

/** Why a message cannot become a frame. */
export type EncodeError =
  | { readonly _tag: 'NotSerializable'; readonly reason: string; readonly cause?: unknown }
  | { readonly _tag: 'PartTooLong'; readonly part: string; readonly byteLength: number }
  | { readonly _tag: 'BinaryUnsupported'; readonly vsn: string }

/** Why a frame is not a message. */
export type DecodeError =
  | { readonly _tag: 'NotJson'; readonly cause: unknown }
  | { readonly _tag: 'NotAMessage'; readonly reason: string; readonly cause?: unknown }
  | { readonly _tag: 'UnknownKind'; readonly kind: number }
  | { readonly _tag: 'Truncated'; readonly byteLength: number }

/**
 * Turns messages into frames and back. Both ways are synchronous, pure and never throw: what fails is a `Left`.
 * One that throws all the same, or gives no `Either`, costs that message and not the connection.
 *
 * `vsn` travels in the URL and selects the serializer of the server; it must match `~> 1.0.0` or `~> 2.0.0`,
 * unless the server has another serializer for it. To change one direction only, spread `serializerV2`.
 */
export interface Serializer {
  readonly vsn: string
  /** A message as a frame, or why it cannot be one. */
  encode(message: Message): Either<EncodeError, Frame>
  /** A frame as a message, or why it is not one: it is then traced and skipped. */
  decode(frame: Frame): Either<DecodeError, Message>
}

/** A message that has no form on the wire. */
export const notSerializable = (reason: string | false, cause?: unknown): Either<EncodeError, never> =>
  left({ _tag: 'NotSerializable', reason: reason || '', cause })

/** JSON, but not a message. */
export const notAMessage = (reason: string | false, cause?: unknown): Either<DecodeError, never> =>
  left({ _tag: 'NotAMessage', reason: reason || '', cause })

const THREW = DEV && 'the serializer threw'

/**
 * A serializer of which nothing but an `Either` is to be expected: whatever it throws, or gives instead, is a `Left`, since
 * one from outside that fails costs a message and not the connection.
 */
export const guardedSerializer = (serializer: Serializer): Serializer => ({
  vsn: serializer.vsn,
  encode: (message): Either<EncodeError, Frame> => {
    try {
      const encoded = serializer.encode(message)
      return isLeft(encoded) || !DEV || isFrame(encoded.right)
        ? encoded
        : notSerializable('the serializer gave neither a text nor a Uint8Array')
    } catch (cause) {
      return notSerializable(THREW, cause)
    }
  },
  decode: (frame): Either<DecodeError, Message> => {
    try {
      const decoded = serializer.decode(frame)
      return isLeft(decoded) || !DEV || isMessage(decoded.right)
        ? decoded
        : notAMessage('the serializer gave no message')
    } catch (cause) {
      return notAMessage(THREW, cause)
    }
  },
})

const isFrame = (frame: Frame | undefined): boolean => typeof frame === 'string' || ArrayBuffer.isView(frame)

const isMessage = (message: Message | undefined): boolean => typeof message?.topic === 'string'
