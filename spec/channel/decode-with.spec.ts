import { type Either, left, right } from 'fp-ts/Either'
import { from, Subject } from 'rxjs'
import { decodeWith, type Decoder, type DecodeOptions } from '../../lib/channel/decode-with.ts'
import { type DecodeFailed } from '../../lib/index.ts'

interface Heard {
  readonly values: unknown[]
  readonly skipped: DecodeFailed[]
  readonly error: DecodeFailed | undefined
  readonly completed: boolean
}

const decoded = (decoder: Decoder<number>, payloads: unknown[], options: DecodeOptions = {}): Heard => {
  const values: unknown[] = []
  const skipped: DecodeFailed[] = []
  let error: DecodeFailed | undefined
  let completed = false
  from(payloads)
    .pipe(decodeWith('news', decoder, options, (failed) => skipped.push(failed)))
    .subscribe({
      next: (value) => values.push(value),
      error: (failed: DecodeFailed) => (error = failed),
      complete: () => (completed = true),
    })
  return { values, skipped, error, completed }
}

const toNumber = (payload: unknown): Either<string, number> =>
  typeof payload === 'number' ? right(payload) : left('not a number')

const schema = {
  '~standard': {
    version: 1,
    vendor: 'spec',
    validate: (value: unknown) =>
      typeof value === 'number' ? { value } : { issues: [{ message: 'not a number' }] },
  },
} satisfies Decoder<number> // with all that the interface demands of one
const callableSchema = Object.assign(() => 'no Either', schema)

describe('decodeWith', () => {
  it.each<[string, Decoder<number>, unknown]>([
    ['a function that gives an Either', toNumber, 'not a number'],
    ['a Standard Schema', schema, [{ message: 'not a number' }]],
    ['a schema that is a function, as those of arktype', callableSchema, [{ message: 'not a number' }]],
  ])('skips and traces a payload that %s rejects', (_name, decoder, error) => {
    const { values, skipped, completed } = decoded(decoder, [1, 'two', 3])

    expect(values).toEqual([1, 3])
    expect(skipped).toMatchObject([{ _tag: 'DecodeFailed', event: 'news', frame: '"two"', error }])
    expect(completed).toBe(true)
  })

  it('errors instead if the option is set, and receives nothing after that', () => {
    const { values, skipped, error } = decoded(toNumber, [1, 'two', 3], { invalid: 'error' })

    expect(values).toEqual([1])
    expect(skipped).toEqual([])
    expect(error).toMatchObject({ _tag: 'DecodeFailed', event: 'news', error: 'not a number' })
  })

  it('treats a decoder that throws as one that rejects the payload', () => {
    const bug = new Error('a bug')
    const { values, skipped } = decoded(
      (payload) => {
        if (payload === 2) throw bug
        return toNumber(payload)
      },
      [1, 2, 3],
    )

    expect(values).toEqual([1, 3])
    expect(skipped).toMatchObject([{ error: bug }])
  })

  it.each([
    ['resolves', () => Promise.resolve({ value: 1 })],
    ['rejects', () => Promise.reject(new Error('later'))],
  ])(
    'rejects every payload with an asynchronous schema that %s, and leaves no rejection unhandled',
    async (_name, validate) => {
      const unheard: unknown[] = []
      const listener = (reason: unknown): number => unheard.push(reason)
      process.on('unhandledRejection', listener)
      const { values, skipped } = decoded({ '~standard': { validate } }, [1])
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', listener)

      expect(values).toEqual([])
      expect(skipped).toMatchObject([{ error: expect.stringContaining('asynchronous') as string }])
      expect(unheard).toEqual([])
    },
  )

  it('shows bytes by their number', () => {
    const { skipped } = decoded(toNumber, [new ArrayBuffer(3)])

    expect(skipped).toMatchObject([{ frame: '<3 bytes>' }])
  })

  it.each([[undefined], [null], [1], [{}], [{ '~standard': {} }]])(
    'throws InvalidArgument for %p',
    (decoder) => {
      expect(() => decodeWith('news', decoder as never, {}, () => undefined)).toThrow(
        expect.objectContaining({ _tag: 'InvalidArgument', argument: 'decode', value: decoder }) as Error,
      )
    },
  )

  it('passes errors on, and unsubscribes from its source', () => {
    const bug = new Error('e')
    const source: Subject<unknown> = new Subject()
    const errors: unknown[] = []
    const decoded$ = source.pipe(decodeWith('news', toNumber, {}, () => undefined))
    decoded$.subscribe().unsubscribe()

    expect(source.observed).toBe(false)
    decoded$.subscribe({ error: (error) => errors.push(error) })
    source.error(bug)
    expect(errors).toEqual([bug])
  })
})
