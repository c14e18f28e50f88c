import { map } from 'rxjs'
import { browserPause, browserWake, InvalidArgument } from '../../lib/index.ts'
import { fakeClock, fakePage, type FakePage } from '../../lib/testing/index.ts'
import { errorLike } from '../support/channel.ts'
import { about, letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'
import { lifeOf } from './support.ts'

const o = 'open' as const
const values = { t: true, f: false }

describe('S18: browserPause', () => {
  it('says true when the page goes into the back/forward cache, and false when it comes back', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, { 2: 'leave', 5: 'comeBack', 8: 'leave' })

      expectObservable(browserPause({ page })).toBe('--t--f--t', values)
    })
  })

  it('says true when the page is frozen, and false when it is resumed, hidden as it is', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, { 2: 'hide', 3: 'freeze', 5: 'resume', 7: 'show' })

      expectObservable(browserPause({ page })).toBe('---t-f', values)
    })
  })

  it.each(['pagehide', 'freeze'])('listens to %s alone, and emits nothing twice', (event) => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      const target = event === 'freeze' ? 'document' : 'window'
      lifeOf(page, scheduler, {
        1: ['window', 'pageshow'],
        2: [target, event],
        3: [target, event],
        4: ['window', 'pageshow'],
        5: [target, event],
        6: ['document', 'resume'],
      })

      expectObservable(browserPause({ page })).toBe('-ft-ftf', values)
    })
  })

  it('leaves a page connected that is merely hidden', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, { 2: 'hide' })

      expectObservable(browserPause({ page }), '^ 9m !').toBe('')
    })
  })

  it('listens from subscribe to unsubscribe', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, { 3: 'hide' })
      const counted: number[] = []
      for (const at of [0, 2, 5]) scheduler.schedule(() => counted.push(page.listeners), at)

      expectObservable(browserPause({ page, hiddenForMs: 9, scheduler }), '-^--!').toBe('')
      scheduler.schedule(() => {
        expect(counted).toEqual([0, 7, 0])
      }, 9)
    })
  })

  it('never emits where there is no page', () => {
    run(({ expectObservable }) => {
      expectObservable(browserPause({ hiddenForMs: 1 }), '^---!').toBe('')
    })
  })

  it.each([-1, NaN, Infinity, '5' as unknown as number])(
    'says at the call that hiddenForMs cannot be %p',
    (ms) => {
      expect(() => browserPause({ hiddenForMs: ms })).toThrow(InvalidArgument)
    },
  )

  it('throws at the call for something other than a page', () => {
    expect(() => browserPause({ page: {} as FakePage })).toThrow(InvalidArgument)
  })
})

describe('S18: browserPause with hiddenForMs', () => {
  it('emits true when the page has been hidden for that long, and false when it is visible', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, { 1: 'hide', 3: 'show', 5: 'hide', 12: 'show' })

      expectObservable(browserPause({ page, hiddenForMs: 4, scheduler })).toBe('---f-----t--f', values)
    })
  })

  it('counts from the subscription if the page was hidden by then, and starts again when a frozen page is resumed', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      page.hide()
      lifeOf(page, scheduler, { 6: 'freeze', 8: 'resume' })

      expectObservable(browserPause({ page, hiddenForMs: 4, scheduler })).toBe('----t---f---t', values)
    })
  })

  it('is over when the window has the focus, should the change of visibility have been left out', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      lifeOf(page, scheduler, { 1: 'hide', 9: ['window', 'focus'] })
      scheduler.schedule(() => {
        page.document.visibilityState = 'visible'
      }, 7)

      expectObservable(browserPause({ page, hiddenForMs: 4, scheduler })).toBe('-----t---f', values)
    })
  })

  it('does not pause a page that is visible when a timer comes late', () => {
    run(({ expectObservable }, scheduler) => {
      const page = fakePage()
      const clock = fakeClock(scheduler)
      clock.throttle(60_000)
      lifeOf(page, scheduler, { 2: 'hide' })
      scheduler.schedule(() => {
        page.document.visibilityState = 'visible'
      }, 8)

      expectObservable(browserPause({ page, hiddenForMs: 4, scheduler: clock })).toBe('1m f', values)
    })
  })
})

describe('S18: the last word of a page', () => {
  it('goes out in listeners of pagehide and visibilitychange, however late they were added, and then the connection closes', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const page = fakePage()
      const link = cold('-o', { o })
      const { socket, words$, sent$ } = socketOn({ link: () => link }, { pause: browserPause({ page }) })
      const room = socket.channel('a')
      const say = (event: string): void => {
        room.send(event).subscribe()
      }
      scheduler.schedule(() => {
        page.window.addEventListener('pagehide', () => {
          say('leaving')
        })
        page.document.addEventListener('visibilitychange', () => {
          say(page.document.visibilityState)
        })
        page.window.addEventListener('visibilitychange', () => {
          say('bubbled')
        })
      }, 2)
      lifeOf(page, scheduler, { 4: 'leave' })

      expectObservable(words$, '^-----!').toBe('co--p', letters)
      expectObservable(room.on('news'), '^-----!').toBe('')
      expectObservable(sent$.pipe(map(about))).toBe('-J--(lhb)', {
        J: 'a phx_join',
        l: 'a leaving',
        h: 'a hidden',
        b: 'a bubbled',
      })
      expectSubscriptions(link.subscriptions).toBe('^---!')
    })
  })

  it('is not waited for where the page is hidden already, or nothing shows that it becomes so', () => {
    run(({ expectObservable }, scheduler) => {
      const hidden = fakePage()
      lifeOf(hidden, scheduler, { 2: 'hide', 4: ['window', 'pagehide'] })
      const silent = fakePage()
      lifeOf(silent, scheduler, { 4: ['window', 'pagehide'] })

      expectObservable(browserPause({ page: hidden })).toBe('----t', values)
      expectObservable(browserPause({ page: silent, scheduler })).toBe('----t', values)
    })
  })

  it('comes too late in the pause: a push then fails in its time, and what waits goes out when the page is back', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const page = fakePage()
      const link = cold('-o', { o })
      const { socket, sent$ } = socketOn({ link: () => link }, { pause: browserPause({ page }) })
      const room = socket.channel('a')
      lifeOf(page, scheduler, { 2: 'leave', 8: 'comeBack' })

      expectObservable(room.on('news'), '^----------!').toBe('')
      expectObservable(room.push('short', {}, { timeoutMs: 3 }), '---^').toBe(
        '------#',
        {},
        errorLike('PushTimeout', { sent: false }),
      )
      expectObservable(room.push('long'), '---^').toBe('---------(r|)', { r: {} })
      expectObservable(room.send('said'), '---^').toBe('---------|')
      expectObservable(sent$.pipe(map(about)), '^---------!').toBe('-J-------(Jls)', {
        J: 'a phx_join',
        l: 'a long',
        s: 'a said',
      })
    })
  })
})

describe('S18: a socket with both, on a page', () => {
  it('closes when the page goes into the cache, and joins again when it comes back, once', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const page = fakePage()
      const link = cold('-o', { o })
      const held = '     ^-----------!'
      const states = '   co-p---co'
      const opened = ['  ^--!', '-------^----!']
      lifeOf(page, scheduler, { 3: 'leave', 7: 'comeBack' })
      const { socket, words$, sent$ } = socketOn(
        { link: () => link },
        { wake: browserWake({ page }), pause: browserPause({ page }) },
      )

      expectObservable(words$, held).toBe(states, letters)
      expectObservable(socket.channel('a').on('news'), held).toBe('')
      expectObservable(sent$.pipe(map(about)), '^----------!').toBe('-J------J', { J: 'a phx_join' })
      expectSubscriptions(link.subscriptions).toBe(opened)
      scheduler.schedule(() => {
        expect(page.listeners).toBe(0)
      }, 20)
    })
  })

  it('closes the connection of a tab that stays hidden, and connects when it is visible', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const page = fakePage()
      const link = cold('-o', { o })
      const held = '     ^-------------!'
      const states = '   co----p---co'
      const opened = ['  ^-----!', '----------^---!']
      lifeOf(page, scheduler, { 2: 'hide', 10: 'show' })
      const { words$ } = socketOn(
        { link: () => link },
        { wake: browserWake({ page }), pause: browserPause({ page, hiddenForMs: 4, scheduler }) },
      )

      expectObservable(words$, held).toBe(states, letters)
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })
})
