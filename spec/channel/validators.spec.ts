/* eslint-disable @typescript-eslint/unbound-method -- the decode of io-ts is bound */
import { type } from 'arktype'
import { type Either, left, right } from 'fp-ts/Either'
import * as t from 'io-ts'
import { from, type Observable } from 'rxjs'
import * as v from 'valibot'
import { z } from 'zod'
import { decodeWith, type Decoder, type DecodeOptions } from '../../lib/channel/decode-with.ts'
import { type Channel, type DecodeFailed } from '../../lib/index.ts'

/** What each of them makes of a payload: the time is a text on the wire. */
interface Posted {
  readonly at: Date
  readonly user: { readonly name: string; readonly age: number }
  readonly tags: readonly string[]
}

const toDate = (text: string): Date => new Date(text)

const zodPosted = z.object({
  at: z.string().transform(toDate),
  user: z.object({ name: z.string(), age: z.number() }),
  tags: z.array(z.string()),
})
const valibotPosted = v.object({
  at: v.pipe(v.string(), v.transform(toDate)),
  user: v.object({ name: v.string(), age: v.number() }),
  tags: v.array(v.string()),
})
const arkPosted = type({
  at: type.string.pipe(toDate),
  user: { name: 'string', age: 'number' },
  tags: 'string[]',
})
const DateFromText = new t.Type<Date, string, unknown>(
  'DateFromText',
  (value) => value instanceof Date,
  (value, context) => (typeof value === 'string' ? t.success(toDate(value)) : t.failure(value, context)),
  (date) => date.toISOString(),
)
const ioTsPosted = t.type({
  at: DateFromText,
  user: t.intersection([t.type({ name: t.string }), t.type({ age: t.number })]),
  tags: t.array(t.string),
})

const validators: readonly [string, Decoder<Posted>][] = [
  ['zod', zodPosted],
  ['valibot', valibotPosted],
  ['arktype', arkPosted],
  ['io-ts', ioTsPosted.decode],
]

const AT = '2026-01-01T00:00:00.000Z'
const good = { at: AT, user: { name: 'ann', age: 40 }, tags: ['a'] }

interface Heard {
  readonly values: unknown[]
  readonly skipped: DecodeFailed[]
  readonly errors: DecodeFailed[]
}

const decoded = <A>(decoder: Decoder<A>, payloads: unknown[], options: DecodeOptions = {}): Heard => {
  const heard: Heard = { values: [], skipped: [], errors: [] }
  from(payloads)
    .pipe(decodeWith('posted', decoder, options, (failed) => heard.skipped.push(failed)))
    .subscribe({
      next: (value) => heard.values.push(value),
      error: (failed: DecodeFailed) => heard.errors.push(failed),
    })
  return heard
}

describe.each(validators)('a validator of %s', (_name, validator) => {
  it('gives its output, which may be another value than the payload', () => {
    expect(decoded(validator, [good]).values).toEqual([{ ...good, at: new Date(AT) }])
  })

  it('reports the place in the payload and the reason, and passes the next payload', () => {
    const bad = { ...good, user: { name: 'ann', age: 'old' } }
    const { values, skipped } = decoded(validator, [bad, good])

    expect(values).toHaveLength(1)
    expect(skipped).toMatchObject([
      {
        event: 'posted',
        issues: [{ path: ['user', 'age'], message: expect.stringMatching(/number/) as string }],
      },
    ])
    expect(skipped[0]?.message).toMatch(
      /^A payload of "posted" was rejected by its decoder \(user\.age:? .*number.*\): \{"at":/,
    )
  })

  it('reports the index in a list, and each of several issues', () => {
    const { skipped } = decoded(validator, [{ ...good, at: 5, tags: ['a', 2] }])

    expect(skipped[0]?.issues.map(({ path }) => path.join('/'))).toEqual(['at', 'tags/1'])
    expect(skipped[0]?.message).toMatch(/\(at:? .*; tags\.1|\(at:? .*; tags\[1\]/)
  })

  it('has an empty path for the payload as a whole', () => {
    const { skipped } = decoded(validator, [null])

    expect(skipped[0]?.issues).toMatchObject([{ path: [] }])
    expect(skipped[0]?.issues[0]?.message).not.toBe('')
  })

  it('errors the stream if the option is set', () => {
    const { values, skipped, errors } = decoded(validator, [good, null, good], { invalid: 'error' })

    expect(values).toHaveLength(1)
    expect(skipped).toEqual([])
    expect(errors).toMatchObject([{ _tag: 'DecodeFailed', event: 'posted' }])
  })
})

describe('what a decoder says', () => {
  const because = (found: unknown): string => {
    const { skipped } = decoded((): Either<unknown, never> => left(found), [1])
    return /rejected by its decoder \((.*)\): 1$/.exec(skipped[0]?.message ?? '')?.[1] ?? ''
  }
  const trap = {
    get message(): string {
      throw new Error('a trap')
    },
  }

  it.each<[string, unknown, string]>([
    ['a text', 'no number', 'no number'],
    ['several texts', ['no number', 'no text'], 'no number; no text'],
    ['an Error', new Error('a bug'), 'a bug'],
    ['an object with a message and a path', { message: 'no', path: ['a', 0] }, 'a.0: no'],
    ['steps that are objects', [{ message: 'no', path: [{ key: 'a' }, { key: 0 }] }], 'a.0: no'],
    ['a null in a path', [{ message: 'no', path: [null] }], 'null: no'],
    ['a symbol in a path', [{ message: 'no', path: [Symbol('s')] }], 'Symbol(s): no'],
    ['a tag', { _tag: 'NotANumber' }, 'NotANumber'],
    ['a text of several lines', 'no\n  number', 'no number'],
    ['nothing', undefined, 'no reason given'],
    ['a value that says nothing', { code: 1 }, 'no reason given'],
    ['a value that throws when it is read', trap, 'no reason given'],
  ])('is reported if it is %s', (_form, found, told) => {
    expect(because(found)).toBe(told)
  })

  it('is cut: five issues, 200 characters each', () => {
    const { skipped } = decoded(
      (): Either<unknown, never> => left(Array.from({ length: 1000 }, () => 'x'.repeat(1000))),
      [1],
    )

    expect(skipped[0]?.issues.map(({ message }) => message.length)).toEqual([200, 200, 200, 200, 200])
    const [deep] = decoded(
      (): Either<unknown, never> => left({ message: 'no', path: Array(1e4).fill('k\n'.repeat(1e3)) }),
      [1],
    ).skipped
    expect(deep?.issues[0]?.path[0]).toBe('k '.repeat(100))
    expect(deep?.message.length).toBeLessThan(1_100)
    expect(deep?.message).not.toContain('\n')
  })

  it('is not reported for a key that looks like a credential', () => {
    const schema = v.object({ user: v.object({ auth_token: v.number() }) })
    const { skipped } = decoded(schema, [{ user: { auth_token: 'sesame' } }])

    expect(skipped[0]?.issues).toEqual([{ path: ['user', 'auth_token'], message: '[redacted]' }])
    expect(skipped[0]?.message).not.toContain('sesame')
    expect(because('bad: {"token":"sesame"}')).toBe('bad: {"token":"[redacted]"}')
  })

  it('has no number of a branch of io-ts in its path', () => {
    const { decode } = t.type({ id: t.union([t.string, t.type({ n: t.number })]) })
    const { skipped } = decoded(decode, [{ id: { n: 'x' } }])

    expect(skipped[0]?.issues).toEqual([
      { path: ['id'], message: 'expected string' },
      { path: ['id', 'n'], message: 'expected number' },
    ])
  })

  it('is the message of io-ts where a codec has one', () => {
    const positive = new t.Type<number, number, unknown>(
      'Positive',
      (value): value is number => typeof value === 'number',
      (value, context) => t.failure(value, context, 'must be positive'),
      (value) => value,
    )
    expect(decoded(t.type({ n: positive }).decode, [{ n: -1 }]).skipped[0]?.issues).toEqual([
      { path: ['n'], message: 'must be positive' },
    ])
  })
})

describe('a validator that cannot be used', () => {
  const asynchronous = 'it returned a Promise: it is asynchronous, or a transform threw'

  it.each<[string, Decoder<unknown>]>([
    ['zod', z.string().refine(() => Promise.resolve(true))],
    [
      'valibot',
      v.pipeAsync(
        v.string(),
        v.checkAsync(() => Promise.resolve(true)),
      ),
    ],
    [
      'zod, when a transform throws',
      z.string().transform(() => {
        throw new Error('a bug')
      }),
    ],
    ['a function', (() => Promise.resolve(right(1))) as never],
    ['a function that rejects', (() => Promise.reject(new Error('later'))) as never],
  ])('that is asynchronous (%s) rejects each payload and reports why', (_name, validator) => {
    const { values, skipped } = decoded(validator, ['a'])

    expect(values).toEqual([])
    expect(skipped[0]?.message).toContain(`(${asynchronous})`)
  })

  it('that throws rejects the payload with the error thrown', () => {
    const bug = new Error('a bug')
    const { values, skipped } = decoded(
      v.pipe(
        v.string(),
        v.transform(() => {
          throw bug
        }),
      ),
      ['a'],
    )

    expect(values).toEqual([])
    expect(skipped).toMatchObject([{ error: bug, issues: [{ path: [], message: 'a bug' }] }])
  })

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a value', 5],
    ['an object', { ok: true }],
  ])('since it gives %s and no Either says so', (_name, given) => {
    const { values, skipped } = decoded((() => given) as never, ['a'])

    expect(values).toEqual([])
    expect(skipped[0]?.message).toContain('(it did not return an Either)')
  })
})

interface Room {
  events: { posted: { at: string } }
}
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- how two types are compared to the letter
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : never
const gives =
  <A>() =>
  <B>(_stream$: Observable<B>, same: Same<A, B>): boolean =>
    same

/** Never run: the compiler is the judge. What a stream gives is the output of its validator, to the letter. */
const forms = (room: Channel<Room>, any: Channel): unknown[] => {
  const same = [
    gives<z.output<typeof zodPosted>>()(room.on('posted', zodPosted), true),
    gives<v.InferOutput<typeof valibotPosted>>()(room.on('posted', valibotPosted), true),
    gives<typeof arkPosted.infer>()(any.on('posted', arkPosted), true),
    gives<t.TypeOf<typeof ioTsPosted>>()(any.on('posted', ioTsPosted.decode), true),
    gives<number>()(
      room.on('posted', (u) => (typeof u === 'string' ? right(u.length) : left('no text'))),
      true,
    ),
  ]

  // @ts-expect-error another output
  gives<Posted & { more: 1 }>()(room.on('posted', zodPosted), true)
  // @ts-expect-error an event that the contract has not
  room.on('old', zodPosted)
  // @ts-expect-error it throws, and gives no Either
  room.on('posted', (u) => zodPosted.parse(u))
  // @ts-expect-error the same of valibot
  room.on('posted', (u) => v.safeParse(valibotPosted, u))
  // @ts-expect-error it is asynchronous
  room.on('posted', (u) => Promise.resolve(right(u)))
  // @ts-expect-error a codec is no decoder; its function `decode` is
  room.on('posted', ioTsPosted)
  // @ts-expect-error there is no such policy
  room.on('posted', zodPosted, { invalid: 'ignore' })
  // @ts-expect-error the input of a schema is not what comes out
  const input$: Observable<{ at: string }> = room.on('posted', zodPosted)
  return [same, input$]
}

it('the types of streams are the outputs of their validators', () => {
  expect(forms).toBeInstanceOf(Function)
})
