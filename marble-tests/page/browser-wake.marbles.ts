import { delay, map, merge, of, timer } from 'rxjs'
import { browserWake, ConnectionFailed, InvalidArgument, type Message } from '../../lib/index.ts'
import { crashed, fakePage, type FakePage, okTo, openLink } from '../../lib/testing/index.ts'
import { about, letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'
import { lifeOf } from './support.ts'

const o = 'open' as const
const answerAfter = (ms: number) => (message: Message) => of(okTo(message)).pipe(delay(ms))
const withoutPage = (): void => {
  for (const name of ['window', 'document']) Reflect.deleteProperty(globalThis, name)
}
const type = map((event) => (event as { type: string }).type)
const values = { v: 'visibilitychange', r: 'resume', s: 'pageshow', f: 'focus', n: 'online' }

describe('S18: browserWake', () => {
  it('emits when the page is visible, resumed, shown or focused, and when the network is back', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, {
        2: 'hide',
        4: 'show',
        8: 'freeze',
        10: 'resume',
        12: ['window', 'offline'],
        13: ['window', 'online'],
        15: ['window', 'pageshow'],
        17: ['window', 'focus'],
      })

      expectObservable(browserWake({ page }).pipe(type)).toBe('----(vf)--r--n-s-f', values)
    })
  })

  it('emits at a return from the back/forward cache', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, { 2: 'leave', 5: 'comeBack' })

      expectObservable(browserWake({ page }).pipe(type)).toBe('-----(rvsf)', values)
    })
  })

  it('listens from subscribe to unsubscribe, and each subscriber for itself', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      const wake$ = browserWake({ page }).pipe(type)
      const listeners: number[] = []
      for (const at of [0, 2, 4, 7]) scheduler.schedule(() => listeners.push(page.listeners), at)
      lifeOf(page, scheduler, { 5: ['window', 'focus'] })

      expectObservable(wake$, '-^-!').toBe('')
      expectObservable(wake$, '---^--!').toBe('-----f', values)
      scheduler.schedule(() => {
        expect(listeners).toEqual([0, 5, 5, 0])
      }, 9)
    })
  })

  it('never emits where there is no page', () => {
    run(({ expectObservable }) => {
      expectObservable(browserWake(), '^---!').toBe('')
    })
  })

  it('never emits where there is a window without events, as on some platforms of apps', () => {
    run(({ expectObservable }, scheduler) => {
      scheduler.schedule(() => Object.assign(globalThis, { window: {}, document: fakePage().document }), 1)
      scheduler.schedule(withoutPage, 4)

      expectObservable(browserWake(), '--^-!').toBe('')
    })
  })

  it('finds the page that the code runs in when it is subscribed, not before', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      const wake$ = browserWake().pipe(type)
      scheduler.schedule(() => Object.assign(globalThis, { window: page.window, document: page.document }), 1)
      scheduler.schedule(withoutPage, 4)
      lifeOf(page, scheduler, { 3: 'resume', 5: 'resume' })

      expectObservable(wake$, '^------!').toBe('')
      expectObservable(wake$, '--^----!').toBe('---r-r', values)
    })
  })

  it.each([[{}], [null], [{ window: {}, document: {} }]])(
    'throws at the call for %j, which is not a page',
    (page) => {
      expect(() => browserWake({ page: page as FakePage })).toThrow(InvalidArgument)
    },
  )
})

describe('S18: a page that comes back fires several events together', () => {
  it('and an open connection is probed once', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const page = fakePage()
      const link = cold('o', { o })
      const held = '     ^----------!'
      lifeOf(page, scheduler, { 1: 'leave', 3: 'comeBack', 4: ['window', 'online'] })
      const { words$, sent$ } = socketOn(
        { link: () => link, answer: answerAfter(2) },
        { wake: browserWake({ page }) },
      )

      expectObservable(words$, held).toBe('(co)', letters)
      expectObservable(sent$.pipe(map(about)), held).toBe('---h', { h: 'phoenix heartbeat' })
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })

  it('and a wait ends in one dial, also if that fails', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const page = fakePage()
      const bad = cold<'open'>('-#', {}, new ConnectionFailed('away'))
      const held = '            ^--------!'
      const states = '          cW-cW'
      lifeOf(page, scheduler, { 3: 'comeBack' })
      const { words$ } = socketOn(
        { link: () => bad },
        { wake: browserWake({ page }), reconnect: () => 3_600_000 },
      )

      expectObservable(words$, held).toBe(states, { ...letters, W: 'waiting 3600000' })
      expectSubscriptions(bad.subscriptions).toBe(['^!', '---^!'])
    })
  })

  it('and a channel that waits for its policy joins once', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, { 4: 'comeBack' })
      const { socket, sent$ } = socketOn(
        {
          link: () => merge(openLink, timer(2).pipe(map(() => crashed('a', '1')))),
          answer: answerAfter(1),
        },
        { wake: browserWake({ page }), rejoin: () => 3_600_000 },
      )

      expectObservable(sent$.pipe(map(about)), '        ^-------!').toBe('J---(hJ)', {
        J: 'a phx_join',
        h: 'phoenix heartbeat',
      })
      expectObservable(socket.channel('a').on('news'), '^-------!').toBe('')
    })
  })

  it('and no socket connects without subscribers', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, { 1: 'hide', 5: 'show', 7: 'comeBack' })
      const { words$, targets$ } = socketOn({}, { wake: browserWake({ page }) })

      expectObservable(words$, '--^-!').toBe('--(co)', letters)
      expectObservable(targets$.pipe(map(() => 'dial'))).toBe('--d', { d: 'dial' })
    })
  })
})
