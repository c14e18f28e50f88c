import { merge } from 'rxjs'
import { z } from 'zod'
import { type TraceEvent, traceTo } from '../../lib/index.ts'
import { broadcast } from '../../lib/testing/index.ts'
import { errorLike, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

const news = (n: unknown) => broadcast('room:a', 'news', { n })
const News = z.object({ n: z.number().transform((n) => n * 10) })
const subscribed = '  ^--------!'
const said = '        --a-b-c'
const values = { a: news(1), b: news('two'), c: news(3) }
const turnedDown = errorLike('DecodeFailed', {
  event: 'news',
  frame: '{"n":"two"}',
  issues: [{ path: ['n'], message: expect.stringContaining('expected number') as string }],
})

describe('a payload that a validator rejects', () => {
  it('is skipped and traced, and the stream emits the output of the validator', () => {
    const failures: unknown[] = []
    run(({ cold, expectObservable }) => {
      const trace = (event: TraceEvent): void => {
        if (event.type === 'decode-failed') failures.push(event.error)
      }
      const { socket } = socketOn({ link: () => saying(cold(said, values)) }, { trace: traceTo(trace) })

      expectObservable(socket.channel('room:a').on('news', News), subscribed).toBe('--a---c', {
        a: { n: 10 },
        c: { n: 30 },
      })
    })
    expect(failures).toEqual([turnedDown])
  })

  it('errors the stream that asked for it, and neither the others nor the channel', () => {
    run(({ cold, expectObservable }) => {
      const { socket, sent$ } = socketOn({ link: () => saying(cold(said, values)) })
      const room = socket.channel('room:a')

      expectObservable(sent$).toBe('J--------L')
      expectObservable(room.on('news', News, { invalid: 'error' })).toBe(
        '--a-#',
        { a: { n: 10 } },
        turnedDown,
      )
      expectObservable(merge(room.on('news', News), room.on('other', News)), subscribed).toBe('--a---c', {
        a: { n: 10 },
        c: { n: 30 },
      })
    })
  })
})
