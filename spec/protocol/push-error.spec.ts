import { ConnectionClosed } from '../../lib/protocol/connection-error.ts'
import {
  ChannelClosed,
  ConnectionLost,
  InvalidPayload,
  PushRefused,
  PushTimeout,
} from '../../lib/protocol/push-error.ts'
import { type EncodeError } from '../../lib/protocol/serializer.ts'
import { factsOf } from '../support/facts-of.ts'

const push = { topic: 'room:a', event: 'echo' }

describe('PushRefused', () => {
  it('has topic, event, status and response, whatever the status is', () => {
    for (const status of ['error', 'weird', '']) {
      const response = { why: 'because' }
      const error = new PushRefused({ ...push, status, response })
      expect(factsOf(error)).toEqual({ _tag: 'PushRefused', ...push, status, response })
      expect(error.message).toContain(`answered "echo" on "room:a" with status "${status}"`)
    }
  })

  it.each([
    [{ reason: 'too long' }, 'status "error": too long.'],
    [{ token: 'sesame' }, 'status "error": see response.'],
    ['sesame', 'status "error": see response.'],
    [new ArrayBuffer(1), 'status "error": see response.'],
  ])('says the reason if the server gave one, else to see the response: case %#', (response, words) => {
    const { message } = new PushRefused({ ...push, status: 'error', response })
    expect(message).toContain(words)
    expect(message).not.toContain('sesame')
  })
})

describe('PushTimeout', () => {
  it.each([
    [true, 'if it never replies to this event, use send()'],
    [
      false,
      'was not sent, since the channel was not joined within 50 ms; the state of the channel shows why',
    ],
  ])('says what to do if sent is %p', (sent, advice) => {
    const error = new PushTimeout({ ...push, sent, timeoutMs: 50 })
    expect(factsOf(error)).toEqual({ _tag: 'PushTimeout', ...push, sent, timeoutMs: 50 })
    expect(error.message).toContain(advice)
  })
})

describe('ConnectionLost', () => {
  it.each([
    [true, 'the outcome of the push is unknown; retry only what may happen twice'],
    [false, 'before the push was sent; a retry waits for the next connection'],
  ])('says what a retry would do if sent is %p', (sent, advice) => {
    const cause = new ConnectionClosed({ code: 1006, reason: '', wasClean: false })
    const error = new ConnectionLost({ sent, cause })
    expect(factsOf(error)).toEqual({ _tag: 'ConnectionLost', sent, cause })
    expect(error.message).toContain(advice)
    expect(factsOf(new ConnectionLost({ sent }))).toEqual({ _tag: 'ConnectionLost', sent })
  })
})

describe('ChannelClosed', () => {
  it.each([
    [true, 'before the push was answered; subscribe again to join again'],
    [false, 'before the push was sent; subscribe again to join again'],
  ])('says what to do if sent is %p', (sent, advice) => {
    const error = new ChannelClosed({ topic: 'room:a', sent })
    expect(factsOf(error)).toEqual({ _tag: 'ChannelClosed', topic: 'room:a', sent })
    expect(error.message).toContain(advice)
  })
})

describe('InvalidPayload', () => {
  const cause = new TypeError('Do not know how to serialize a BigInt')
  it.each<[EncodeError, string]>([
    [{ _tag: 'NotSerializable', reason: 'NaN has no JSON form' }, 'NaN has no JSON form'],
    [{ _tag: 'NotSerializable', reason: 'so', cause }, 'so'],
    [
      { _tag: 'PartTooLong', part: 'topic', byteLength: 300 },
      'its topic has 300 bytes, and a binary frame has room for 255.',
    ],
    [
      { _tag: 'BinaryUnsupported', vsn: '1.0.0' },
      'version 1.0.0 of the protocol has no binary form; use 2.0.0, or base64.',
    ],
  ])('says why, from %j', (error, reason) => {
    const invalid = new InvalidPayload({ ...push, error })
    expect(factsOf(invalid)).toEqual({
      _tag: 'InvalidPayload',
      ...push,
      reason,
      ...('cause' in error ? { cause } : {}),
    })
    expect(invalid.message).toBe(`"echo" on "room:a" cannot be sent: ${reason}`)
  })
})
