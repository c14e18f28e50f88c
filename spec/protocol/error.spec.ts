import { DecodeFailed } from '../../lib/protocol/decode-failed.ts'
import { InvalidArgument } from '../../lib/protocol/invalid-argument.ts'
import { parseJson } from '../../lib/protocol/parse-json.ts'
import { type DecodeError } from '../../lib/protocol/serializer.ts'
import { factsOf } from '../support/facts-of.ts'

/** All that somebody could read in a log of the error. */
const printed = (error: Error): string =>
  [error.message, error.stack, String(error.cause), JSON.stringify(factsOf(error as never))].join('\n')

describe('DecodeFailed', () => {
  it.each<[DecodeError, string]>([
    [{ _tag: 'NotJson', cause: new SyntaxError('x') }, 'not JSON'],
    [{ _tag: 'NotAMessage', reason: 'expected an object' }, 'expected an object'],
    [{ _tag: 'UnknownKind', kind: 9 }, 'unknown binary kind 9'],
    [{ _tag: 'Truncated', byteLength: 3 }, 'cut short at 3 bytes'],
  ])('reports what is wrong with a frame: %j', (error, words) => {
    const failed = new DecodeFailed({ frame: 'some frame', error })
    expect(factsOf(failed)).toEqual({
      _tag: 'DecodeFailed',
      frame: 'some frame',
      event: undefined,
      issues: [],
      error,
      cause: error,
    })
    expect(failed.message).toBe(`A frame could not be decoded and was skipped (${words}): some frame`)
  })

  it('names the event whose payload a decoder rejected', () => {
    const error = [{ path: ['n'], message: 'expected a number' }, { message: 'and more' }]
    const failed = new DecodeFailed({ frame: '{"n":"x"}', event: 'news', error })
    expect(factsOf(failed)).toMatchObject({ event: 'news', error, cause: error })
    expect(failed.issues).toEqual([
      { path: ['n'], message: 'expected a number' },
      { path: [], message: 'and more' },
    ])
    expect(failed.message).toBe(
      'A payload of "news" was rejected by its decoder (n: expected a number; and more): {"n":"x"}',
    )
  })

  it('shows the first 200 characters and no more', () => {
    const error: DecodeError = { _tag: 'NotAMessage', reason: 'so' }
    const failed = new DecodeFailed({ frame: 'x'.repeat(1000), error })
    expect(failed.frame).toBe('x'.repeat(200))
    expect(failed.message).toMatch(/[^x]x{200}$/)
    const tokens = new DecodeFailed({ frame: '{"token":""}'.repeat(100), error })
    expect(tokens.frame).toHaveLength(200)
  })

  it.each([
    '{"token":"sesame"},]',
    '[null,"1","t","phx_reply",{"password":"sesame"',
    `${'x'.repeat(180)}"token":"sesame and more of it`,
  ])('shows no secret of the frame: %j', (frame) => {
    const error = (parseJson(frame) as { readonly left: DecodeError }).left
    expect(printed(new DecodeFailed({ frame, error }))).not.toContain('sesame')
    expect(printed(new DecodeFailed({ frame, event: 'e', error }))).not.toContain('sesame')
  })
})

describe('InvalidArgument', () => {
  it.each<[unknown, string]>([
    ['', '""'],
    ['a "b"', '"a \\"b\\""'],
    ['x'.repeat(1000), `"${'x'.repeat(100)}"`],
    [-1, '-1'],
    [NaN, 'NaN'],
    [5n, '5'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [{ a: 1 }, 'an object'],
    [['a'], 'an object'],
    [() => 'some source', 'a function'],
  ])('names the argument, the value and what to do: case %#', (value, shown) => {
    const error = new InvalidArgument('topic', value, 'pass a name.')
    expect(factsOf(error)).toEqual({ _tag: 'InvalidArgument', argument: 'topic', value })
    expect(error.message).toBe(`topic is ${shown}: pass a name.`)
  })

  it.each<[string, unknown, unknown]>([
    ['url', 'wss://me:sesame@h/socket?token=sesame', 'wss://h/socket'],
    ['socketUrl', 'ftp://h?sesame', 'ftp://h'],
    ['authToken', 'sesame', '[redacted]'],
    ['params', { token: 'sesame' }, '[redacted]'],
    ['options.params', 'sesame', '[redacted]'],
  ])('does not hold the credentials in the value of %s', (argument, value, shown) => {
    const error = new InvalidArgument(argument, value, 'pass another.')
    expect(error.value).toBe(shown)
    expect(error.message).toBe(`${argument} is "${String(shown)}": pass another.`)
    expect(printed(error)).not.toContain('sesame')
  })

  it.each(['authToken', 'params', 'url'])('shows the value of %s if it cannot be a secret', (argument) => {
    expect(new InvalidArgument(argument, null, 'pass one.').message).toBe(`${argument} is null: pass one.`)
    expect(new InvalidArgument(argument, 5, 'pass one.').value).toBe(5)
  })
})
