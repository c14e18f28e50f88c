import { type Either } from 'fp-ts/Either'
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
