import { delay, EMPTY, map, type Observable, of, Subject, timer } from 'rxjs'
import { type Message } from '../../lib/index.ts'
import { fakeClock, okTo } from '../../lib/testing/index.ts'
import { about, letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

const o = 'open' as const
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const values = { ...letters, w: 'waiting 3', h: 'phoenix heartbeat', J: 'a phx_join', L: 'a phx_leave' }
const answerAfter =
  (ms: number) =>
  (message: Message): Observable<Message> =>
    of(okTo(message)).pipe(delay(ms))

describe('S10: timers that are throttled to one a minute, as in a hidden tab', () => {
  it('keep a connection that answers, and send one heartbeat a minute', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('o', { o })
      const held = '     ^ 3m !'
      const clock = fakeClock(scheduler)
      clock.throttle(MINUTE_MS)
      const { words$, sent$ } = socketOn({ link: () => link, answer: answerAfter(200) }, { scheduler: clock })

      expectObservable(words$, held).toBe('(co)', values)
      expectObservable(sent$.pipe(map(about))).toBe('1m h 59999ms h 59999ms h', values)
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })

  it('notice a dead connection nevertheless: late deadlines do not postpone each other forever', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('o', { o })
      const held = '     ^ 3m !'
      const clock = fakeClock(scheduler)
      clock.throttle(MINUTE_MS)
      const { words$, sent$ } = socketOn({ link: () => link, answer: () => EMPTY }, { scheduler: clock })

      expectObservable(words$, held).toBe('(co) 179996ms w', values)
      expectObservable(sent$.pipe(map(about))).toBe('1m h 59999ms h', values)
      expectSubscriptions(link.subscriptions).toBe('^ 179999ms !')
    })
  })
})

describe('S10: a machine that slept for hours', () => {
  it('allows the heartbeat that was due meanwhile no more than 5 s', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('o', { o })
      const held = '     ^ 36s !'
      const clock = fakeClock(scheduler)
      scheduler.schedule(() => {
        clock.jump(5 * HOUR_MS)
      }, 10_000)
      const { words$, sent$ } = socketOn({ link: () => link, answer: () => EMPTY }, { scheduler: clock })

      expectObservable(words$, held).toBe('(co) 34996ms w--(co)', values)
      expectObservable(sent$.pipe(map(about)), held).toBe('30s h', values)
      expectSubscriptions(link.subscriptions).toBe(['^ 34999ms !', '35003ms ^ 997ms !'])
    })
  })

  it('keeps a connection that lived through it', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('o', { o })
      const held = '     ^ 2m !'
      const clock = fakeClock(scheduler)
      scheduler.schedule(() => {
        clock.jump(5 * HOUR_MS)
      }, 30_100)
      const { words$ } = socketOn({ link: () => link, answer: answerAfter(200) }, { scheduler: clock })

      expectObservable(words$, held).toBe('(co)', values)
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })

  it('probes once when it wakes, and dials once if nothing comes', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }, scheduler) => {
      const dead = cold('o', { o })
      const wake = hot(' 10s (www)')
      const held = '     ^ 16s !'
      const clock = fakeClock(scheduler)
      scheduler.schedule(() => {
        clock.jump(5 * HOUR_MS)
      }, 9_999)
      const { words$, sent$ } = socketOn(
        { link: (index) => (index === 0 ? dead : of(o)), answer: () => EMPTY },
        { scheduler: clock, wake, reconnect: () => 900 },
      )

      expectObservable(words$, held).toBe('(co) 14996ms w 899ms (co)', { ...values, w: 'waiting 900' })
      expectObservable(sent$.pipe(map(about)), held).toBe('10s h', values)
      expectSubscriptions(dead.subscriptions).toBe('^ 14999ms !')
    })
  })

  it('while a join was about to rest the deadline: the rest of it does not pass immediately', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('o', { o })
      const held = '     ^ 12s !'
      const joined = '   6s ^ 6s !'
      const clock = fakeClock(scheduler)
      scheduler.schedule(() => {
        clock.jump(HOUR_MS)
      }, 5_000)
      // The heartbeat of 4 s is answered 10 ms after the join.
      const answer = (message: Message) =>
        message.event === 'heartbeat'
          ? answerAfter(4_010)(message)
          : message.event === 'phx_join'
            ? answerAfter(2_000)(message)
            : EMPTY
      const { socket, words$ } = socketOn(
        { link: () => link, answer },
        { scheduler: clock, heartbeatIntervalMs: 4_000 },
      )

      expectObservable(words$, held).toBe('(co)', values)
      expectObservable(socket.channel('a').on('news'), joined).toBe('')
      expectSubscriptions(link.subscriptions).toBe('^ 12s !')
    })
  })
})

describe('a clock that is set back by an hour', () => {
  const setBackAt = (scheduler: Parameters<typeof fakeClock>[0], ms: number) => {
    const clock = fakeClock(scheduler)
    scheduler.schedule(() => {
      clock.jump(-HOUR_MS)
    }, ms)
    return clock
  }

  it('does not let an attempt hang: S11', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const link = cold<'open'>('-')
      const clock = setBackAt(scheduler, 2)
      const { words$ } = socketOn(
        { link: () => link },
        { scheduler: clock, authToken: () => timer(4).pipe(map(() => 'a')), connectTimeoutMs: 10 },
      )

      expectObservable(words$, '^----------!').toBe('c---------w', values)
    })
  })

  it('does not keep a connection that lingers: S1', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('o', { o })
      const clock = setBackAt(scheduler, 6)
      const { socket } = socketOn({ link: () => link }, { scheduler: clock, lingerMs: 4 })

      expectObservable(socket.channel('a').on('news'), '^---!').toBe('')
      expectSubscriptions(link.subscriptions).toBe('     ^-----------!')
    })
  })

  it('does not put off the deadline of a heartbeat: S10', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('o', { o })
      const clock = setBackAt(scheduler, 5)
      const { socket, words$ } = socketOn(
        {
          link: () => link,
          answer: (message) => (message.event === 'phx_join' ? answerAfter(3)(message) : EMPTY),
        },
        { scheduler: clock, heartbeatIntervalMs: 4 },
      )

      // The join rests the deadline from 6 to 9; what had run before is not known, so it has the whole of it again.
      expectObservable(socket.channel('a').on('news'), '------^--------!').toBe('')
      expectObservable(words$, '                        ^--------------!').toBe('(co)---------w', values)
      expectSubscriptions(link.subscriptions).toBe('     ^------------!')
    })
  })

  it('gives no negative round trip', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const link = cold('o', { o })
      const clock = setBackAt(scheduler, 5)
      const { socket } = socketOn(
        { link: () => link, answer: answerAfter(2) },
        { scheduler: clock, heartbeatIntervalMs: 4 },
      )

      expectObservable(socket.latency$, '^-------------!').toBe('------a-----b', { a: 0, b: 2 })
    })
  })

  it('does not put off the timeout of a push: S6', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const link = cold('o', { o })
      const clock = setBackAt(scheduler, 3)
      const later$ = new Subject<never>()
      const { socket } = socketOn(
        { link: () => link, answer: (m) => (m.event === 'ask' ? later$ : of(okTo(m))) },
        { scheduler: clock, pushTimeoutMs: 5 },
      )

      expectObservable(socket.channel('a').push('ask')).toBe(
        '-----#',
        {},
        expect.objectContaining({ _tag: 'PushTimeout', sent: true }),
      )
    })
  })
})
