import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/Either'
import { decodeText, encodeText, serializerV2 } from '../../lib/protocol/json-v2.ts'
import { type Message } from '../../lib/protocol/message.ts'
import { jsonMessage } from '../support/messages.ts'

const message: Message = { joinRef: '1', ref: '2', topic: 'room:a', event: 'echo', payload: { a: 1 } }

describe('text frames of version 2.0.0', () => {
  it('are arrays of join_ref, ref, topic, event and payload', () => {
    expect(encodeText(message)).toEqual(right('["1","2","room:a","echo",{"a":1}]'))
    expect(decodeText('["1","2","room:a","echo",{"a":1}]')).toEqual(right(message))
  })

  it('keep every message as it was, whatever characters it holds', () => {
    fc.assert(
      fc.property(jsonMessage, (original) => {
        const frame = encodeText(original)
        const again = isRight(frame) ? decodeText(frame.right) : frame
        // Compared as text, since an own key `__proto__` counts as well.
        expect(JSON.stringify(again)).toBe(JSON.stringify(right(original)))
      }),
      { numRuns: 500 },
    )
  })

  it.each([null, 'text', '', 0, -1.5, true, false, [], [1, [2]], {}, { reason: 'x' }])(
    'carry any JSON value as payload: %j',
    (payload) => {
      expect(serializerV2.decode(`[null,null,"t","e",${JSON.stringify(payload)}]`)).toEqual(
        right({ joinRef: null, ref: null, topic: 't', event: 'e', payload }),
      )
    },
  )

  it.each([
    ['an object', '{}', 'expected an array of five'],
    ['null', 'null', 'expected an array of five'],
    ['a string', '"[]"', 'expected an array of five'],
    ['too few items', '["1","2","t","e"]', 'expected an array of five'],
    ['too many items', '["1","2","t","e",{},{}]', 'expected an array of five'],
    ['a join_ref that is a number', '[1,"2","t","e",{}]', 'join_ref is neither a string nor null'],
    ['a ref that is a number', '["1",2,"t","e",{}]', 'ref is neither a string nor null'],
    ['a ref that is a list', '["1",["2"],"t","e",{}]', 'ref is neither a string nor null'],
    ['a topic that is null', '["1","2",null,"e",{}]', 'topic is not a string'],
    ['an event that is an object', '["1","2","t",{},{}]', 'event is not a string'],
  ])('are rejected as NotAMessage if they hold %s', (_what, frame, reason) => {
    expect(serializerV2.decode(frame)).toEqual(left({ _tag: 'NotAMessage', reason }))
  })

  it('are rejected as NotJson if they are cut short or empty', () => {
    for (const frame of ['', '[', '["1","2","t","e",{"a":', 'undefined', '[1,]', '\ufeff[]'])
      expect(serializerV2.decode(frame)).toEqual(
        left({ _tag: 'NotJson', cause: expect.any(SyntaxError) as unknown }),
      )
  })

  it('cannot carry a payload that has no JSON form', () => {
    expect(serializerV2.encode({ ...message, payload: undefined })).toMatchObject(
      left({ _tag: 'NotSerializable' }),
    )
  })
})

describe('the serializer of version 2.0.0', () => {
  it('names its version', () => {
    expect(serializerV2.vsn).toBe('2.0.0')
  })

  it.each([
    ['an ArrayBuffer', new Uint8Array([1, 2]).buffer],
    ['a typed array', new Uint16Array([0x0201])],
    ['a DataView of a part', new DataView(new Uint8Array([0, 1, 2, 3]).buffer, 1, 2)],
    ['a Buffer', Buffer.from([1, 2])],
  ])('writes %s as a binary frame and everything else as text', (_what, payload) => {
    expect(serializerV2.encode({ ...message, payload })).toEqual(
      right(new Uint8Array([0, 1, 1, 6, 4, ...Buffer.from('12room:aecho'), 1, 2])),
    )
    expect(serializerV2.encode(message)).toEqual(encodeText(message))
  })
})
