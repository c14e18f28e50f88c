import fc from 'fast-check'
import { chainW, left, right } from 'fp-ts/Either'
import {
  decodeClientPush,
  decodeServerFrame,
  encodeBroadcast,
  encodeClientPush,
  encodeReply,
  encodeServerPush,
} from '../../lib/protocol/binary-v2.ts'
import { type Message } from '../../lib/protocol/message.ts'
import { data, longPart, part } from '../support/messages.ts'

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0))
const nullable = (text: string): string | null => (text === '' ? null : text)
const message = (facts: Partial<Message>): Message => ({
  joinRef: null,
  ref: null,
  topic: '',
  event: '',
  payload: null,
  ...facts,
})

describe('a binary push of a client', () => {
  it('has join_ref, ref, topic and event, then the data', () => {
    const push = message({ joinRef: '1', ref: '23', topic: 'room:a', event: 'e' })
    expect(encodeClientPush(push, new Uint8Array([7, 255]))).toEqual(
      right(new Uint8Array([0, 1, 2, 6, 1, ...ascii('123room:ae'), 7, 255])),
    )
  })

  it('is read by a server as it was written, with any name up to 255 bytes', () => {
    fc.assert(
      fc.property(part, part, part, part, data, (joinRef, ref, topic, event, { buffer: payload }) => {
        const push = { joinRef, ref, topic, event, payload }
        const again = chainW(decodeClientPush)(encodeClientPush(push, new Uint8Array(payload)))
        expect(again).toEqual(right(push))
      }),
      { numRuns: 500 },
    )
  })

  it('writes a ref that is null as the empty string, which a server reads as such', () => {
    const again = chainW(decodeClientPush)(
      encodeClientPush(message({ topic: 't', event: 'e' }), new Uint8Array()),
    )
    expect(again).toMatchObject(right({ joinRef: '', ref: '', topic: 't', event: 'e' }))
  })

  it.each(['join_ref', 'ref', 'topic', 'event'] as const)(
    'is rejected as PartTooLong if its %s has more than 255 bytes of UTF-8',
    (name) => {
      fc.assert(
        fc.property(longPart, (long) => {
          const key = name === 'join_ref' ? 'joinRef' : name
          expect(encodeClientPush(message({ [key]: long }), new Uint8Array())).toEqual(
            left({ _tag: 'PartTooLong', part: name, byteLength: Buffer.byteLength(long) }),
          )
        }),
        { numRuns: 50 },
      )
    },
  )
})

describe('a binary frame of a server', () => {
  it.each([
    [
      'push',
      encodeServerPush(message({ joinRef: '1', topic: 't', event: 'ev' }), new Uint8Array([9])),
      [0, 1, 1, 2, ...ascii('1tev'), 9],
    ],
    [
      'reply',
      encodeReply({ joinRef: '1', ref: '2', topic: 't' }, 'ok', new Uint8Array([9])),
      [1, 1, 1, 1, 2, ...ascii('12tok'), 9],
    ],
    ['broadcast', encodeBroadcast('t', 'ev', new Uint8Array([9])), [2, 1, 2, ...ascii('tev'), 9]],
  ])('is a %s: kind, lengths, names, data', (_kind, frame, bytes) => {
    expect(frame).toEqual(right(new Uint8Array(bytes)))
  })

  it('is read by a client as it was written, with any name up to 255 bytes and any data', () => {
    fc.assert(
      fc.property(part, part, part, part, data, (joinRef, ref, topic, name, bytes) => {
        const payload = bytes.buffer
        const push = message({ joinRef: nullable(joinRef), topic, event: name, payload })
        expect(chainW(decodeServerFrame)(encodeServerPush(push, bytes))).toEqual(right(push))

        const broadcast = message({ topic, event: name, payload })
        expect(chainW(decodeServerFrame)(encodeBroadcast(topic, name, bytes))).toEqual(right(broadcast))

        const header = { joinRef: nullable(joinRef), ref: nullable(ref), topic }
        expect(chainW(decodeServerFrame)(encodeReply(header, name, bytes))).toEqual(
          right({ ...header, event: 'phx_reply', payload: { status: name, response: payload } }),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('gives data that does not change when the memory of the frame is used again', () => {
    const memory = new Uint8Array([99, 2, 1, 1, ...ascii('te'), 1, 2, 99])
    const decoded = decodeServerFrame(memory.subarray(1, 8))
    memory.fill(0)
    expect(decoded).toEqual(
      right(message({ topic: 't', event: 'e', payload: new Uint8Array([1, 2]).buffer })),
    )
  })

  it('is rejected as PartTooLong if a name has more than 255 bytes', () => {
    const long = 'ü'.repeat(128)
    const tooLong = (name: string): unknown => left({ _tag: 'PartTooLong', part: name, byteLength: 256 })
    const none = new Uint8Array()
    const header = { joinRef: null, ref: null, topic: 't' }
    expect(encodeServerPush(message({ joinRef: long }), none)).toEqual(tooLong('join_ref'))
    expect(encodeServerPush(message({ topic: long }), none)).toEqual(tooLong('topic'))
    expect(encodeServerPush(message({ event: long }), none)).toEqual(tooLong('event'))
    expect(encodeBroadcast(long, 'e', none)).toEqual(tooLong('topic'))
    expect(encodeBroadcast('t', long, none)).toEqual(tooLong('event'))
    expect(encodeReply({ ...header, joinRef: long }, 'ok', none)).toEqual(tooLong('join_ref'))
    expect(encodeReply({ ...header, ref: long }, 'ok', none)).toEqual(tooLong('ref'))
    expect(encodeReply({ ...header, topic: long }, 'ok', none)).toEqual(tooLong('topic'))
    expect(encodeReply(header, long, none)).toEqual(tooLong('status'))
  })
})

describe('an invalid binary frame', () => {
  it('is Truncated if it is empty, or ends before its names do', () => {
    expect(decodeServerFrame(new Uint8Array())).toEqual(left({ _tag: 'Truncated', byteLength: 0 }))
    expect(decodeClientPush(new Uint8Array())).toEqual(left({ _tag: 'Truncated', byteLength: 0 }))
    const whole = [0, 1, 1, 1, 1, ...ascii('abcd')]
    for (let end = 1; end < whole.length; end++)
      expect(decodeClientPush(new Uint8Array(whole.slice(0, end)))).toEqual(
        left({ _tag: 'Truncated', byteLength: end }),
      )
    for (const kind of [0, 1, 2])
      expect(decodeServerFrame(new Uint8Array([kind, 0]))).toEqual(left({ _tag: 'Truncated', byteLength: 2 }))
  })

  it('is of UnknownKind if its first byte is not a kind of its direction', () => {
    for (let kind = 3; kind < 256; kind++)
      expect(decodeServerFrame(new Uint8Array([kind, 0, 0, 0, 0]))).toEqual(
        left({ _tag: 'UnknownKind', kind }),
      )
    for (const kind of [1, 2, 255])
      expect(decodeClientPush(new Uint8Array([kind, 0, 0, 0, 0]))).toEqual(
        left({ _tag: 'UnknownKind', kind }),
      )
  })
})
