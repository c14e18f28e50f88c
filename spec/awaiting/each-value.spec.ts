import { concat, defer, EMPTY, NEVER, Observable, of, range, Subject, throwError } from 'rxjs'
import { BufferOverflow, eachValue, type EachValueOptions, InvalidArgument } from '../../lib/index.ts'

const no = new Error('no')

/** All that a loop sees, an error last. */
const seenIn = async (values: AsyncIterable<unknown>): Promise<unknown[]> => {
  const seen: unknown[] = []
  try {
    for await (const value of values) seen.push(value)
  } catch (error) {
    seen.push(error)
  }
  return seen
}

describe('eachValue', () => {
  it.each<[string, Observable<number>, unknown[]]>([
    ['nothing', EMPTY, []],
    ['several values', of(1, 2, 3), [1, 2, 3]],
    [
      'values before an error',
      concat(
        of(1, 2),
        throwError(() => no),
      ),
      [1, 2, no],
    ],
    ['an error alone', throwError(() => no), [no]],
  ])('gives %s and ends as the stream does', async (_case, stream$, expected) => {
    expect(await seenIn(eachValue(stream$))).toEqual(expected)
  })

  it('subscribes at the first next, once for each loop, and unsubscribes when a loop is left', async () => {
    let subscribed = 0
    let unsubscribed = 0
    const values = eachValue(
      new Observable<number>((subscriber) => {
        subscribed += 1
        subscriber.next(subscribed)
        return () => (unsubscribed += 1)
      }),
    )
    const idle = values[Symbol.asyncIterator]()
    expect(subscribed).toBe(0)
    await idle.return?.()
    expect(await idle.next()).toEqual({ done: true, value: undefined })
    expect(subscribed).toBe(0)

    for await (const value of values) {
      expect([value, unsubscribed]).toEqual([1, 0])
      break
    }
    expect([subscribed, unsubscribed]).toEqual([1, 1])
    for await (const value of values) {
      expect(value).toBe(2)
      break
    }
    expect([subscribed, unsubscribed]).toEqual([2, 2])
  })

  it('loops over what is left when the first value was taken by hand', async () => {
    let subscribed = 0
    const source$ = defer(() => {
      subscribed += 1
      return of(1, 2, 3)
    })
    const iterator = eachValue(source$)[Symbol.asyncIterator]()
    expect(await iterator.next()).toEqual({ done: false, value: 1 })
    expect(await seenIn(iterator as AsyncIterableIterator<number>)).toEqual([2, 3])
    expect(subscribed).toBe(1)
  })

  it('answers pending calls of next in order, and ends all of them when the stream ends', async () => {
    const source$ = new Subject<number>()
    const iterator = eachValue(source$)[Symbol.asyncIterator]()
    const asked = Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()])
    source$.next(1)
    source$.next(2)
    source$.complete()
    const end = { done: true, value: undefined }
    expect(await asked).toEqual([{ done: false, value: 1 }, { done: false, value: 2 }, end, end])
    expect(await iterator.next()).toEqual(end)
  })

  it('rejects only the first pending call with an error', async () => {
    const source$ = new Subject<number>()
    const iterator = eachValue(source$)[Symbol.asyncIterator]()
    const asked = Promise.allSettled([iterator.next(), iterator.next()])
    source$.error(no)
    expect(await asked).toEqual([
      { status: 'rejected', reason: no },
      { status: 'fulfilled', value: { done: true, value: undefined } },
    ])
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('ends pending calls when the loop is left, and drops buffered values', async () => {
    const source$ = new Subject<number>()
    const left = eachValue(source$)[Symbol.asyncIterator]()
    const pending = left.next()
    await left.return?.()
    expect(await pending).toEqual({ done: true, value: undefined })
    expect(source$.observed).toBe(false)

    const thrown = eachValue(source$)[Symbol.asyncIterator]()
    const first = thrown.next()
    for (const value of [1, 2, 3]) source$.next(value)
    await first
    await expect(thrown.throw?.(new Error('enough'))).rejects.toThrow('enough')
    expect(await thrown.next()).toEqual({ done: true, value: undefined })
    expect(source$.observed).toBe(false)
  })

  it.each<[EachValueOptions['overflow'], unknown[]]>([
    ['drop-oldest', [0, 4, 5]],
    ['drop-newest', [0, 1, 2]],
    ['error', [0, 1, 2, expect.objectContaining({ _tag: 'BufferOverflow', waiting: 3 })]],
  ])('when the buffer is full: %s', async (overflow, expected) => {
    const values = eachValue(range(0, 6), overflow === undefined ? {} : { buffer: 2, overflow })
    expect(await seenIn(values)).toEqual(expected)
  })

  it('unsubscribes from a stream that overflows, even while it is being subscribed', async () => {
    let made = 0
    const endless$ = new Observable<number>((subscriber) => {
      while (!subscriber.closed && made < 100_000) subscriber.next(made++)
    })
    const seen = await seenIn(eachValue(endless$))
    expect(seen).toHaveLength(1002)
    expect(seen.at(-1)).toBeInstanceOf(BufferOverflow)
    expect(made).toBeLessThan(1010)
  })

  it('keeps the order over many values, whatever waits', async () => {
    const source$ = new Subject<number>()
    const iterator = eachValue(source$, { buffer: 10 })[Symbol.asyncIterator]()
    const first = iterator.next()
    let sent = 0
    const seen: unknown[] = []
    source$.next(sent++)
    seen.push((await first).value)
    for (let round = 1; round < 40; round++) {
      for (let i = 0; i < (round % 4) + 1; i++) if (sent - seen.length < 10) source$.next(sent++)
      for (let i = 0; i < (round % 3) + 1; i++)
        if (sent > seen.length) seen.push((await iterator.next()).value)
    }
    expect(seen).toEqual(seen.map((_value, i) => i))
    expect(seen.length).toBeGreaterThan(60)
    await iterator.return?.()
  })

  it.each([
    ['buffer', { buffer: 0 }],
    ['buffer', { buffer: Infinity }],
    ['buffer', { buffer: 1.5 }],
    ['overflow', { overflow: 'wait' as never }],
  ])('refuses a %s that cannot work at the call', (option, options) => {
    expect(() => eachValue(NEVER, options)).toThrow(InvalidArgument)
    expect(() => eachValue(NEVER, options)).toThrow(`eachValue.${option}`)
  })
})
