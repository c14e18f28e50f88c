import { type Either, isLeft } from 'fp-ts/Either'
import { DEV } from './dev.ts'
import { type Frame, type Message } from './message.ts'
import { notAMessage, notSerializable } from './parse-json.ts'
import { type DecodeError, type EncodeError, type Serializer } from './serializer.ts'

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
