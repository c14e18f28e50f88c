import { map, Subject } from 'rxjs'
import { type Frame, type Message, type TraceEvent, traceTo } from '../../lib/index.ts'
import { broadcast, pushed } from '../../lib/testing/index.ts'
import { letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

const long = `{"oops": "${'x'.repeat(300)}"}`
const garbage: readonly [string, Frame][] = [
  ['no JSON', 'garbage'],
  ['an object', '{"topic":"a"}'],
  ['a list of the wrong length', '["1","2","a"]'],
  ['a very long text', long],
  ['an empty text', ''],
  ['no bytes', new Uint8Array()],
  ['an unknown binary kind', new Uint8Array([9, 1, 2])],
  ['a binary frame cut short', new Uint8Array([1, 200, 1, 1])],
]

describe('S12: frames that cannot be decoded', () => {
  it.each(garbage)('%s: is skipped and traced, and the connection stays open', (_case, raw) => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold<'open' | Message | { raw: Frame }>('-o-g-m-', {
        o: 'open',
        g: { raw },
        m: broadcast('a', 'news', { n: 1 }),
      })
      const held = '  ^-----!'
      const states = 'co'
      const heard = ' -----n'
      const traced = '---f'
      const traced$ = new Subject<TraceEvent['type']>()
      const trace = ({ type }: TraceEvent): void => {
        if (type === 'decode-failed') traced$.next(type)
      }
      const { socket, words$ } = socketOn({ link: () => link }, { trace: traceTo(trace) })

      expectObservable(traced$).toBe(traced, { f: 'decode-failed' })
      expectObservable(words$, held).toBe(states, letters)
      expectObservable(socket.channel('a').on('news'), held).toBe(heard, { n: { n: 1 } })
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })

  it('are shown with their first 200 characters', () => {
    const shown: string[] = []
    run(({ cold, expectObservable }) => {
      const link = cold<'open' | { raw: Frame }>('og', { o: 'open', g: { raw: long } })
      const trace = (event: TraceEvent): void => {
        if (event.type === 'decode-failed') shown.push(event.error._tag, event.error.frame)
      }

      expectObservable(socketOn({ link: () => link }, { trace: traceTo(trace) }).words$, '^--!').toBe(
        '(co)',
        letters,
      )
    })
    expect(shown).toEqual(['DecodeFailed', long.slice(0, 200)])
  })

  it('that belong to nobody are dropped, and the trace has the reason', () => {
    const dropped: unknown[] = []
    run(({ cold, expectObservable }) => {
      const link = cold<'open' | Message>('-o-(abc)', {
        o: 'open',
        a: broadcast('other', 'news'),
        b: {
          topic: 'a',
          event: 'phx_reply',
          payload: { status: 'ok', response: {} },
          ref: '99',
          joinRef: '0',
        },
        c: pushed('a', 'stale', 'news'),
      })
      const trace = (event: TraceEvent): void => {
        if (event.type === 'dropped') dropped.push([event.reason, event.message.topic])
      }
      const { socket } = socketOn({ link: () => link }, { trace: traceTo(trace) })

      expectObservable(socket.channel('a').messages$.pipe(map(({ event }) => event)), '^----!').toBe('')
    })
    expect(dropped).toEqual([
      ['topic not joined', 'other'],
      ['unknown ref', 'a'],
      ['stale join_ref', 'a'],
    ])
  })
})
