import { eachValue, type EachValueOptions } from '../../lib/index.ts'
import { errorLike } from '../support/channel.ts'
import { run } from '../support/run.ts'

const done = { done: true, value: undefined }
const value = (letter: string) => ({ done: false, value: letter })
const overflow = errorLike('BufferOverflow', { waiting: 3 })

/** How a loop fares that takes a value at each `x`, and is left at each `b` as by `break`. */
const loop = (
  stream: string,
  takes: string,
  subscribed: string | readonly string[],
  options?: EachValueOptions,
): Promise<readonly unknown[]> => {
  const results = run(({ cold, expectSubscriptions }) => {
    const stream$ = cold(stream)
    const iterator = eachValue(stream$, options)[Symbol.asyncIterator]()
    const taken: Promise<unknown>[] = []
    cold(takes).subscribe((step) => {
      const result: Promise<unknown> | undefined = step === 'x' ? iterator.next() : iterator.return?.()
      // Looked at after the run, since no Promise settles in virtual time.
      if (result) taken.push(result.catch((error: unknown) => error))
    })
    expectSubscriptions(stream$.subscriptions).toBe([subscribed].flat())
    return taken
  })
  return Promise.all(results)
}

describe('eachValue, in time', () => {
  it('subscribes at the first next, and keeps what comes between two until the stream ends', async () => {
    const stream = '      a-b-c-d-|  '
    const takes = '    ---x----xx--xxx'
    const subscribed = '---^-------!   '
    const seen = await loop(stream, takes, subscribed)
    expect(seen).toEqual([value('a'), value('b'), value('c'), value('d'), done, done])
  })

  it('gives the values that wait before the error of the stream, and the error once', async () => {
    const stream = '    a-b-#     '
    const takes = '    -x----xxx '
    const subscribed = '-^---!    '
    const seen = await loop(stream, takes, subscribed)
    expect(seen).toEqual([value('a'), value('b'), 'error', done])
  })

  it('unsubscribes when the loop is left, and gives nothing that waits or comes later', async () => {
    const stream = '    -a-bc--d  '
    const takes = '    x-x---bx  '
    const subscribed = '^-----!   '
    const seen = await loop(stream, takes, subscribed)
    expect(seen).toEqual([value('a'), value('b'), done, done])
  })

  it('ends a wait for the next value when the loop is left', async () => {
    const stream = '    -a---b    '
    const takes = '    xx-b      '
    const subscribed = '^--!      '
    const seen = await loop(stream, takes, subscribed)
    expect(seen).toEqual([value('a'), done, done])
  })

  it('unsubscribes when more values wait than the buffer holds, and fails after those', async () => {
    const stream = '    abcdefg   '
    const takes = '    x----xxxx '
    const subscribed = '^--!      '
    const seen = await loop(stream, takes, subscribed, { buffer: 2 })
    expect(seen).toEqual([value('a'), value('b'), value('c'), overflow, done])
  })

  it.each<[EachValueOptions['overflow'], readonly string[]]>([
    ['drop-oldest', ['a', 'd', 'e']],
    ['drop-newest', ['a', 'b', 'c']],
  ])(
    '%s: stays subscribed, and drops values so that no more wait than the buffer holds',
    async (drop, kept) => {
      const stream = '    abcde-f--|  '
      const takes = '    x----xxx--x '
      const subscribed = '^--------!  '
      const seen = await loop(stream, takes, subscribed, { buffer: 2, ...(drop && { overflow: drop }) })
      expect(seen).toEqual([...[...kept, 'f'].map(value), done])
    },
  )
})
