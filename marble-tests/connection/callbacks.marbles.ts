import { filter, map, mergeMap, Subject, take, takeUntil } from 'rxjs'
import { type Message, traceTo } from '../../lib/index.ts'
import { broadcast } from '../../lib/testing/index.ts'
import { about, letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'
import { unhandledErrors } from '../support/unhandled.ts'

const o = 'open' as const
const bug = new Error('a bug of the user')
const thrower = (): void => {
  throw bug
}

describe('S15: callbacks that throw', () => {
  it('in trace: frames and states continue, and RxJS reports the error', async () => {
    const unhandled = unhandledErrors()
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold<'open' | Message>('-o-m', { o, m: broadcast('a', 'news', 1) })
      const held = '     ^----!'
      const { socket, words$ } = socketOn({ link: () => link }, { trace: traceTo(thrower) })

      expectObservable(words$, held).toBe('co', letters)
      expectObservable(socket.channel('a').on('news'), held).toBe('---n', { n: 1 })
      expectSubscriptions(link.subscriptions).toBe(held)
    })
    const errors = await unhandled()
    expect(errors.length).toBeGreaterThan(3)
    expect(new Set(errors)).toEqual(new Set([bug]))
  })

  it('in a subscriber of the state: the others and the channels continue', async () => {
    const unhandled = unhandledErrors()
    run(({ cold, expectObservable }) => {
      const link = cold<'open' | Message>('-o-m', { o, m: broadcast('a', 'news', 1) })
      const held = '     ^----!'
      const end = cold(' -----e')
      const { socket, words$ } = socketOn({ link: () => link })
      socket.pipe(takeUntil(end)).subscribe(thrower)

      expectObservable(words$, held).toBe('co', letters)
      expectObservable(socket.channel('a').on('news'), held).toBe('---n', { n: 1 })
    })
    expect(await unhandled()).toEqual([bug, bug])
  })

  it('in an operator: only that subscriber ends', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('-o', { o })
      const held = '     ^----!'
      const { socket, words$ } = socketOn({ link: () => link })
      const throwing$ = socket.pipe(
        map((state) => {
          if (state.status === 'open') thrower()
          return state.status
        }),
      )

      expectObservable(throwing$, held).toBe('c#', letters, bug)
      expectObservable(words$, held).toBe('    co', letters)
    })
  })
})

describe('S15: subscribers that act while they are called', () => {
  it('may unsubscribe at the first state: nothing is dialled', () => {
    run(({ expectObservable }) => {
      const { socket, words$, targets$ } = socketOn({})

      expectObservable(targets$).toBe('')
      expectObservable(words$.pipe(take(1))).toBe('(c|)', letters)
      expectObservable(socket.channel('a').pipe(take(1))).toBe('(w|)', { w: { status: 'waiting' } })
    })
  })

  it('may pause inside a state: everybody hears the states in order, and ends with the same', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('-o', { o })
      const held = '     ^----!'
      const pause$: Subject<boolean> = new Subject()
      const { socket, words$ } = socketOn({ link: () => link }, { pause: pause$ })
      const pausing$ = socket.pipe(
        map(({ status }) => {
          if (status === 'open') pause$.next(true)
          return status
        }),
      )

      expectObservable(pausing$, held).toBe('c(op)', letters)
      expectObservable(words$, held).toBe('  c(op)', letters)
      expectSubscriptions(link.subscriptions).toBe('^!')
    })
  })

  it('may join another topic inside "open": each topic is joined once', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('-o', { o })
      const held = '     ^----!'
      const sent = '     -(AB)(xy)'
      const { socket, sent$ } = socketOn({ link: () => link })
      const b$ = socket.pipe(
        filter(({ status }) => status === 'open'),
        mergeMap(() => socket.channel('b').on('news')),
      )

      expectObservable(sent$.pipe(map(about))).toBe(sent, {
        A: 'a phx_join',
        B: 'b phx_join',
        x: 'a phx_leave',
        y: 'b phx_leave',
      })
      expectObservable(socket.channel('a').on('news'), held).toBe('')
      expectObservable(b$, held).toBe('')
    })
  })
})
