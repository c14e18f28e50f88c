import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/Either'
import { decodeObject, encodeObject, serializerV1 } from '../../lib/protocol/json-v1.ts'
import { type Message } from '../../lib/protocol/message.ts'
import { jsonMessage } from '../support/messages.ts'

const message: Message = { joinRef: '1', ref: '2', topic: 'room:a', event: 'echo', payload: { a: 1 } }

describe('text frames of version 1.0.0', () => {
  it('are objects, with join_ref as a fifth key', () => {
    const frame = '{"topic":"room:a","event":"echo","payload":{"a":1},"ref":"2","join_ref":"1"}'
    expect(encodeObject(message)).toEqual(right(frame))
    expect(decodeObject(frame)).toEqual(right(message))
  })

  it('have no key join_ref without a join_ref, like the frames of a real server', () => {
    expect(encodeObject({ ...message, joinRef: null })).toEqual(
      right('{"topic":"room:a","event":"echo","payload":{"a":1},"ref":"2"}'),
    )
  })

  it('are read with joinRef null, and ref null, where the keys are missing', () => {
    expect(decodeObject('{"topic":"t","event":"e","payload":null}')).toEqual(
      right({ joinRef: null, ref: null, topic: 't', event: 'e', payload: null }),
    )
  })

  it('may hold further keys, which are passed over', () => {
    expect(decodeObject('{"topic":"t","event":"e","payload":1,"ref":null,"join_ref":null,"x":1}')).toEqual(
      right({ joinRef: null, ref: null, topic: 't', event: 'e', payload: 1 }),
    )
  })

  it('keep every message as it was, whatever characters it holds', () => {
    fc.assert(
      fc.property(jsonMessage, (original) => {
        const frame = encodeObject(original)
        const again = isRight(frame) ? decodeObject(frame.right) : frame
        expect(JSON.stringify(again)).toBe(JSON.stringify(right(original)))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['an array', '["1","2","t","e",{}]', 'expected an object'],
    ['null', 'null', 'expected an object'],
    ['a number', '1', 'expected an object'],
    ['no topic', '{"event":"e","payload":{},"ref":null}', 'topic is not a string'],
    ['an event that is a number', '{"topic":"t","event":1,"payload":{},"ref":null}', 'event is not a string'],
    ['no payload', '{"topic":"t","event":"e","ref":null}', 'payload is missing'],
    [
      'a ref that is a number',
      '{"topic":"t","event":"e","payload":{},"ref":1}',
      'ref is neither a string nor null',
    ],
    [
      'a join_ref that is a list',
      '{"topic":"t","event":"e","payload":{},"ref":null,"join_ref":[]}',
      'join_ref is neither a string nor null',
    ],
    [
      'a topic on the prototype only',
      '{"__proto__":{"topic":"t","event":"e","payload":{},"ref":null}}',
      'topic is not a string',
    ],
  ])('are rejected as NotAMessage if they hold %s', (_what, frame, reason) => {
    expect(serializerV1.decode(frame)).toEqual(left({ _tag: 'NotAMessage', reason }))
  })

  it('are rejected as NotJson if they are cut short', () => {
    expect(serializerV1.decode('{"topic":"t"')).toMatchObject(left({ _tag: 'NotJson' }))
  })

  it('cannot carry a payload that has no JSON form', () => {
    expect(serializerV1.encode({ ...message, payload: 1n })).toMatchObject(left({ _tag: 'NotSerializable' }))
  })
})

describe('the serializer of version 1.0.0', () => {
  it('names its version', () => {
    expect(serializerV1.vsn).toBe('1.0.0')
  })

  it('cannot represent bytes, and reports that in both directions', () => {
    expect(serializerV1.encode({ ...message, payload: new Uint8Array([1]) })).toEqual(
      left({ _tag: 'BinaryUnsupported', vsn: '1.0.0' }),
    )
    expect(serializerV1.encode({ ...message, payload: new ArrayBuffer(0) })).toEqual(
      left({ _tag: 'BinaryUnsupported', vsn: '1.0.0' }),
    )
    expect(serializerV1.decode(new Uint8Array([2, 0, 0]))).toEqual(
      left({ _tag: 'NotAMessage', reason: 'a binary frame, in version 1.0.0' }),
    )
  })
})
