import { isReservedEvent } from '../../lib/protocol/event.ts'
import { type Message, refCounter } from '../../lib/protocol/message.ts'
import { isUnmatchedTopic, reasonOf, replyOf } from '../../lib/protocol/reply.ts'

const message = (payload: unknown, joinRef: string | null = null): Message => ({
  joinRef,
  ref: '1',
  topic: 'room:a',
  event: 'phx_reply',
  payload,
})

describe('the reply in a message', () => {
  it.each(['ok', 'error', 'weird', ''])('has any status: %j', (status) => {
    expect(replyOf(message({ status, response: { a: 1 } }))).toEqual({ status, response: { a: 1 } })
  })

  it.each([null, 'text', 0, [], {}, undefined])('has any response: %j', (response) => {
    expect(replyOf(message({ response, status: 'ok' }))).toEqual({ status: 'ok', response })
  })

  it.each([
    null,
    undefined,
    'ok',
    1,
    [],
    {},
    { response: {} },
    { status: 1, response: {} },
    new ArrayBuffer(1),
  ])('is undefined if the payload has another form: %j', (payload) => {
    expect(replyOf(message(payload))).toBeUndefined()
  })
})

describe('an "unmatched topic" reply', () => {
  const unmatched = { status: 'error', response: { reason: 'unmatched topic' } }

  it('is known by its words, its status and its join_ref, which is null', () => {
    expect(isUnmatchedTopic(message(unmatched), unmatched)).toBe(true)
    expect(isUnmatchedTopic(message(unmatched, '1'), unmatched)).toBe(false)
    expect(isUnmatchedTopic(message(unmatched), { ...unmatched, status: 'ok' })).toBe(false)
    expect(isUnmatchedTopic(message(unmatched), { ...unmatched, response: 'unmatched topic' })).toBe(false)
    expect(isUnmatchedTopic(message(unmatched), { ...unmatched, response: { reason: 'other' } })).toBe(false)
  })
})

describe('the reason in a response', () => {
  it.each([
    [{ reason: 'no' }, 'no'],
    [{ reason: { code: 1 } }, { code: 1 }],
    [{}, undefined],
    [null, undefined],
    ['no', undefined],
    [undefined, undefined],
    [new ArrayBuffer(1), undefined],
  ])('of %j is %j', (response, reason) => {
    expect(reasonOf(response)).toEqual(reason)
  })
})

describe('the events that the protocol keeps for itself', () => {
  it('are five', () => {
    for (const event of ['phx_join', 'phx_leave', 'phx_reply', 'phx_error', 'phx_close'])
      expect(isReservedEvent(event)).toBe(true)
    for (const event of ['', 'phx_', 'phx_joined', 'PHX_JOIN', 'heartbeat', 'presence_state', 'constructor'])
      expect(isReservedEvent(event)).toBe(false)
  })
})

describe('a counter of refs', () => {
  it('counts from "1" and shares nothing with another one', () => {
    const nextRef = refCounter()
    expect([nextRef(), nextRef(), nextRef()]).toEqual(['1', '2', '3'])
    expect(refCounter()()).toBe('1')
  })
})
