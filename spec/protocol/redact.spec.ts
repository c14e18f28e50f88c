import fc from 'fast-check'
import { encodeObject } from '../../lib/protocol/json-v1.ts'
import { encodeText } from '../../lib/protocol/json-v2.ts'
import { redact } from '../../lib/protocol/redact.ts'
import { framesOf, recordings } from '../support/recordings.ts'

const SECRET_KEYS = [
  'token',
  'auth_token',
  'accessToken',
  'TOKEN',
  'csrf-token',
  'secret',
  'client_secret',
  'password',
  'passwd',
  'passphrase',
  'Authorization',
  'bearer',
  'jwt',
  'credentials',
  'api_key',
  'api-key',
  'apikey',
  'privateKey',
  'private_key',
  'cookie',
  'session_id',
]

const textOf = (payload: unknown, encode: typeof encodeText): string => {
  const frame = encode({ joinRef: '1', ref: '2', topic: 'room:a', event: 'phx_join', payload })
  return frame._tag === 'Right' ? frame.right : 'Left'
}

const forms: readonly (readonly [string, typeof encodeText])[] = [
  ['2.0.0', encodeText],
  ['1.0.0', encodeObject],
]

describe.each(forms)('redact, in a text frame of version %s', (_vsn, encode) => {
  it.each(SECRET_KEYS)('hides what the key %s holds', (key) => {
    for (const value of [
      'sesame',
      'ses"ame',
      'ses\\ame',
      'ses\name',
      90210,
      ['sesame'],
      { a: { b: 'sesame' } },
      { a: [{ b: [{ c: { d: {} } }] }], e: 'sesame' },
    ]) {
      const shown = redact(textOf({ before: 1, [key]: value, after: [true] }, encode))
      expect(shown).toBe(textOf({ before: 1, [key]: '[redacted]', after: [true] }, encode))
    }
  })

  it('hides it at any depth, and more than once', () => {
    const shown = redact(textOf({ a: [{ token: 'sesame' }], b: { c: { password: 'sesame', d: 1 } } }, encode))
    expect(shown).toBe(
      textOf({ a: [{ token: '[redacted]' }], b: { c: { password: '[redacted]', d: 1 } } }, encode),
    )
  })

  it.each([
    ['null and booleans, which are no secret', { token: null, has_session: true }],
    ['texts that speak of tokens', { text: 'the token: "x"', token_free: false, list: ['token', 'secret'] }],
    ['keys that hold none of the words', { user: 'ann', key: 'k', author: 'b', pass: 'c' }],
    ['large numbers, digit by digit', { id: '12345678901234567890' }],
  ])('leaves %s', (_what, payload) => {
    const frame = textOf(payload, encode)
    expect(redact(frame)).toBe(frame)
  })
})

describe('redact', () => {
  it('hides every secret, wherever the text is cut', () => {
    const secret = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `sesame${text}sesame`)
    fc.assert(
      fc.property(secret, fc.constantFrom(...SECRET_KEYS), fc.nat(120), (value, key, end) => {
        const frame = JSON.stringify(['1', '2', 't', 'e', { a: 'x', [key]: value, b: 'y' }])
        expect(redact(frame.slice(0, end))).not.toContain('sesame')
        expect(JSON.parse(redact(frame))).toEqual([
          '1',
          '2',
          't',
          'e',
          { a: 'x', [key]: '[redacted]', b: 'y' },
        ])
      }),
      { numRuns: 1000 },
    )
  })

  it('hides a value of any form and depth, and nothing that follows it', () => {
    const value = fc.jsonValue({ maxDepth: 12 }).filter((each) => each !== null && typeof each !== 'boolean')
    fc.assert(
      fc.property(value, (hidden) => {
        const frame = JSON.stringify(['1', '2', 't', 'e', { a: 'x', token: hidden, b: { c: 'y' } }])
        expect(redact(frame)).toBe(
          JSON.stringify(['1', '2', 't', 'e', { a: 'x', token: '[redacted]', b: { c: 'y' } }]),
        )
      }),
      { numRuns: 1000 },
    )
    let deep: unknown = 'sesame'
    for (let i = 0; i < 1000; i++) deep = { inner: deep, pin: 'sesame' }
    expect(redact(JSON.stringify({ credentials: deep, b: 1 }))).toBe('{"credentials":"[redacted]","b":1}')
  })

  it('hides a secret in JSON within JSON, with whatever follows it there', () => {
    const poll = JSON.stringify({ messages: [JSON.stringify({ token: 'sesame', a: 1 })], status: 200 })
    expect(redact(poll)).not.toContain('sesame')
    expect(redact(poll)).toContain('"status":200')
  })

  it('recognizes a key by its end, however long it is', () => {
    expect(redact(`{"${'x'.repeat(1000)}_token":"sesame"}`)).toBe(
      `{"${'x'.repeat(1000)}_token":"[redacted]"}`,
    )
  })

  it('accepts blanks around the colon, and texts that are not JSON', () => {
    expect(redact('{ "token" : "sesame" , "a" : 1 }')).toBe('{ "token" : "[redacted]" , "a" : 1 }')
    expect(redact('no JSON at all')).toBe('no JSON at all')
    expect(redact('')).toBe('')
  })

  it('changes nothing in the recordings but the values of such keys', () => {
    const texts = recordings()
      .flatMap(framesOf)
      .flatMap(({ frame }) => (typeof frame === 'string' ? [frame] : []))
    const changed = texts.filter((text) => redact(text) !== text)
    for (const text of changed) expect(text).toMatch(/"[^"]*token[^"]*":"/)
    expect(changed.length).toBeLessThan(texts.length / 20)
  })

  it('takes time in proportion to the text, even if it was designed to be slow', () => {
    const megabyte = 1_000_000
    for (const text of [
      `"${'token'.repeat(megabyte / 5)}"`,
      '"token'.repeat(megabyte / 6),
      `"token":"${'\\'.repeat(megabyte)}`,
      `"token":${'[{'.repeat(megabyte / 2)}`,
      `"token":[${'"a",'.repeat(megabyte / 4)}]`,
      `"token":"${'x'.repeat(5 * megabyte)}"`,
      `"token"${' '.repeat(megabyte)}`,
      `"${'x'.repeat(megabyte)}"`,
      '"x'.repeat(megabyte / 2),
      '"to'.repeat(megabyte / 3),
    ])
      expect(redact(text).length).toBeLessThanOrEqual(text.length)
  })
})
