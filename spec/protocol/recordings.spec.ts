import { type Either, isLeft } from 'fp-ts/Either'
import {
  decodeClientPush,
  encodeBroadcast,
  encodeClientPush,
  encodeReply,
  encodeServerPush,
} from '../../lib/protocol/binary-v2.ts'
import { decodeObject, encodeObject, serializerV1 } from '../../lib/protocol/json-v1.ts'
import { decodeText, encodeText, serializerV2 } from '../../lib/protocol/json-v2.ts'
import { type Frame, type Message } from '../../lib/protocol/message.ts'
import { replyOf } from '../../lib/protocol/reply.ts'
import { framesOf, type RecordedFrame, recordings } from '../support/recordings.ts'

const rightOf = <A>(either: Either<unknown, A>): A => {
  if (isLeft(either)) throw new Error(`Left: ${JSON.stringify(either.left)}`)
  return either.right
}

const bytes = (value: unknown): Uint8Array => new Uint8Array(value as ArrayBuffer)

/** Decodes a frame at the end of the line that it came to. */
const decoded = ({ from, vsn, frame }: RecordedFrame): Message => {
  if (from === 'server') return rightOf((vsn === '2.0.0' ? serializerV2 : serializerV1).decode(frame))
  if (typeof frame !== 'string') return rightOf(decodeClientPush(frame))
  return rightOf(vsn === '2.0.0' ? decodeText(frame) : decodeObject(frame))
}

/** Encodes a message as the end that sent it. */
const encoded = (message: Message, { from, vsn, frame }: RecordedFrame): Frame => {
  if (typeof frame === 'string') return rightOf(vsn === '2.0.0' ? encodeText(message) : encodeObject(message))
  const { topic, event, payload } = message
  if (from === 'client') return rightOf(encodeClientPush(message, bytes(payload)))
  const reply = replyOf(message)
  if (reply) return rightOf(encodeReply(message, reply.status, bytes(reply.response)))
  return rightOf(
    message.joinRef === null
      ? encodeBroadcast(topic, event, bytes(payload))
      : encodeServerPush(message, bytes(payload)),
  )
}

const comparable = (frame: Frame): unknown =>
  typeof frame === 'string' ? (JSON.parse(frame) as unknown) : Array.from(frame)

/** Recordings with invalid frames. */
const isJunk = (name: string): boolean => /^(malformed_|longpoll_ends)/.test(name)

const all = recordings().map((recording) => ({ name: recording.name, frames: framesOf(recording) }))
const table = all.filter(({ name }) => !isJunk(name))

describe('the recordings of a real server', () => {
  it.each(table.filter(({ frames }) => frames.length > 0))(
    'are understood in both directions and written again as they were: $name',
    ({ frames }) => {
      for (const recorded of frames) {
        const again = encoded(decoded(recorded), recorded)
        expect({ at: recorded.title, frame: comparable(again) }).toEqual({
          at: recorded.title,
          frame: comparable(recorded.frame),
        })
      }
    },
  )

  it.each(all.filter(({ name }) => isJunk(name)))(
    'hold answers to junk, which are understood if their refs and names are text, and errors otherwise: $name',
    ({ frames }) => {
      const answers = frames.filter(({ from }) => from === 'server')
      expect(answers.length).toBeGreaterThan(2)
      for (const { title, frame } of answers) {
        const result = serializerV2.decode(frame)
        const found: unknown =
          typeof frame === 'string' && frame.startsWith('[') ? JSON.parse(frame) : undefined
        const names = Array.isArray(found) ? found.slice(0, 4) : []
        const isText = names.every((name) => name === null || typeof name === 'string') && names[2] !== null
        const isMessage = typeof frame === 'string' ? names.length === 4 && isText : true
        expect({ title, understood: !isLeft(result) }).toEqual({ title, understood: isMessage })
      }
    },
  )

  it('hold text of both versions and all three kinds of binary frames, in both directions', () => {
    const frames = table.flatMap((entry) => entry.frames)
    const kinds = frames.map(({ from, vsn, frame }) =>
      typeof frame === 'string' ? `${from} ${vsn} text` : `${from} ${vsn} binary ${frame[0] ?? 'empty'}`,
    )
    expect(new Set(kinds)).toEqual(
      new Set([
        'client 1.0.0 text',
        'client 2.0.0 text',
        'server 1.0.0 text',
        'server 2.0.0 text',
        'client 2.0.0 binary 0',
        'server 2.0.0 binary 0',
        'server 2.0.0 binary 1',
        'server 2.0.0 binary 2',
      ]),
    )
    expect(frames.length).toBeGreaterThanOrEqual(630)
  })

  it('carry a join_ref in no frame of a server of version 1.0.0', () => {
    const joinRefs = table
      .flatMap(({ frames }) => frames)
      .filter(({ from, vsn }) => from === 'server' && vsn === '1.0.0')
      .map((recorded) => decoded(recorded).joinRef)
    expect(new Set(joinRefs)).toEqual(new Set([null]))
  })
})
