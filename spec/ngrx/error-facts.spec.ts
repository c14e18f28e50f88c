import '@angular/compiler'
import {
  ConnectionClosed,
  ConnectionLost,
  JoinRefused,
  type PushError,
  PushRefused,
} from '../../lib/index.ts'
import { type ErrorFacts, errorFacts } from '../../lib/ngrx/index.ts'

const refused = (response: unknown) =>
  new PushRefused({ topic: 'room:a', event: 'save', status: 'error', response })

describe('errorFacts', () => {
  it('has the tag, the message and the fields of an error, and its cause likewise', () => {
    const cause = new ConnectionClosed({ code: 1006, reason: '', wasClean: false })
    const error = new ConnectionLost({ sent: true, cause })
    expect(errorFacts(error)).toStrictEqual({
      _tag: 'ConnectionLost',
      message: error.message,
      sent: true,
      cause: { _tag: 'ConnectionClosed', message: cause.message, code: 1006, reason: '', wasClean: false },
    })
  })

  it('is typed by the tag', () => {
    const facts: ErrorFacts<PushError> = errorFacts<PushError>(refused({ reason: 'muted' }))
    expect(facts._tag === 'PushRefused' && [facts.status, facts.event]).toEqual(['error', 'save'])
    // @ts-expect-error a field of another error
    expect(facts._tag === 'PushTimeout' && facts.status).toBe(false)
  })

  it('is a copy, so that freezing it freezes no response', () => {
    const response = { reason: 'muted', list: [{ a: 1 }] }
    const facts = errorFacts(refused(response))
    expect(facts.response).toStrictEqual(response)
    expect(facts.response).not.toBe(response)
  })

  it('leaves out what no JSON can hold, and keeps keys that a server chose', () => {
    const response = {
      bytes: new ArrayBuffer(3),
      at: new Date(0),
      seen: new Set([1]),
      run: () => 1,
      nested: [new Map(), { deep: new Uint8Array(1), big: 1n, kept: null }],
      ...(JSON.parse('{ "__proto__": { "polluted": true } }') as object),
    }
    const { response: copy } = errorFacts(refused(response))
    expect(JSON.parse(JSON.stringify(copy))).toEqual(
      JSON.parse('{ "nested": [null, { "kept": null }], "__proto__": { "polluted": true } }'),
    )
    expect(Object.keys(copy as object).sort()).toEqual(['__proto__', 'nested'])
    expect(errorFacts(refused(new ArrayBuffer(1)))).not.toHaveProperty('response')
  })

  it('ends where data or causes go round in circles', () => {
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    const first = new Error('first')
    first.cause = new Error('second', { cause: first })
    const facts = errorFacts(refused(loop))
    expect(() => JSON.stringify(facts)).not.toThrow()
    expect(JSON.stringify(errorFacts(first))).toMatch(/^\{"_tag":"Error","message":"first","cause":/)
  })

  it('keeps name and message alone of any other error, and takes what is no error', () => {
    const foreign = Object.assign(new TypeError('no such thing'), { request: { headers: 'secret' } })
    expect(errorFacts(foreign)).toStrictEqual({ _tag: 'TypeError', message: 'no such thing' })
    expect([errorFacts('text'), errorFacts(undefined)]).toStrictEqual([
      { _tag: 'string', message: 'text' },
      { _tag: 'undefined', message: 'undefined' },
    ])
  })

  it('says of a refusal what the server said', () => {
    expect(errorFacts(new JoinRefused({ topic: 'room:a', response: { reason: 'full' } }))).toStrictEqual({
      _tag: 'JoinRefused',
      message: 'The server refused the join of "room:a": full.',
      topic: 'room:a',
      response: { reason: 'full' },
    })
  })
})
