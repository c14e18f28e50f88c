import { EMPTY, map, NEVER, type Observable, of } from 'rxjs'
import { type Message } from '../../lib/index.ts'
import { fakeClock, okTo } from '../../lib/testing/index.ts'
import { about, letters, run } from '../support/run.ts'
import { replying, socketOn } from '../support/socket.ts'

const o = 'open' as const
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const isJoin = ({ event }: Message): boolean => event === 'phx_join'
const values = { ...letters, w: 'waiting 3', h: 'phoenix heartbeat', J: 'a phx_join', L: 'a phx_leave' }

/** A clock that jumps when a diagram emits: `jumping(scheduler, cold('10s j'), 5 * HOUR_MS)`. */
const jumping = (
  scheduler: Parameters<typeof fakeClock>[0],
  jump$: Observable<unknown>,
  byMs: number,
): ReturnType<typeof fakeClock> => {
  const clock = fakeClock(scheduler)
  jump$.subscribe(() => {
    clock.jump(byMs)
  })
  return clock
}

describe('S10: timers that are throttled to one a minute, as in a hidden tab', () => {
  it('keep a connection that answers, and send one heartbeat a minute', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('o', { o })
      const reply = cold('200ms r')
      const held = '     ^ 3m !'
      const clock = fakeClock(scheduler)
      clock.throttle(MINUTE_MS)
      const { words$, sent$ } = socketOn({ link: () => link, answer: replying(reply) }, { scheduler: clock })

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
      const sleep = cold('10s s')
      const held = '     ^ 36s !'
      const clock = jumping(scheduler, sleep, 5 * HOUR_MS)
      const { words$, sent$ } = socketOn({ link: () => link, answer: () => EMPTY }, { scheduler: clock })

      expectObservable(words$, held).toBe('(co) 34996ms w--(co)', values)
      expectObservable(sent$.pipe(map(about)), held).toBe('30s h', values)
      expectSubscriptions(link.subscriptions).toBe(['^ 34999ms !', '35003ms ^ 997ms !'])
    })
  })

  it('keeps a connection that lived through it', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('o', { o })
      const sleep = cold('30100ms s')
      const reply = cold('200ms r')
      const held = '     ^ 2m !'
      const clock = jumping(scheduler, sleep, 5 * HOUR_MS)
      const { words$ } = socketOn({ link: () => link, answer: replying(reply) }, { scheduler: clock })

      expectObservable(words$, held).toBe('(co)', values)
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })

  it('probes once when it wakes, and dials once if nothing comes', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }, scheduler) => {
      const dead = cold('o', { o })
      const sleep = cold('9999ms s')
      const wake = hot(' 10s (www)')
      const held = '     ^ 16s !'
      const clock = jumping(scheduler, sleep, 5 * HOUR_MS)
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
      const link = cold('    o', { o })
      const sleep = cold('   5s s')
      const held = '         ^ 12s !'
      const joined = '       6s ^ 6s !'
      const toHeartbeat = cold('4010ms r') // sent at 4 s, so answered 10 ms after the join
      const toJoin = cold('  2s r')
      const clock = jumping(scheduler, sleep, HOUR_MS)
      const answer = (message: Message): Observable<Message> =>
        replying(message.event === 'heartbeat' ? toHeartbeat : toJoin)(message)
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
  it('does not let an attempt hang: S11', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const link = cold<'open'>('-')
      const token = cold('   ----a')
      const setBack = cold(' --b')
      const held = '         ^----------!'
      const states = '       c---------w'
      const { words$ } = socketOn(
        { link: () => link },
        { scheduler: jumping(scheduler, setBack, -HOUR_MS), authToken: () => token, connectTimeoutMs: 10 },
      )

      expectObservable(words$, held).toBe(states, values)
    })
  })

  it('does not keep a connection that lingers: S1', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('   o', { o })
      const setBack = cold('------b')
      const subscribed = '  ^---!'
      const opened = '      ^-----------!'
      const clock = jumping(scheduler, setBack, -HOUR_MS)
      const { socket } = socketOn({ link: () => link }, { scheduler: clock, lingerMs: 4 })

      expectObservable(socket.channel('a').on('news'), subscribed).toBe('')
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('does not put off the deadline of a heartbeat: S10', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('   o', { o })
      const setBack = cold('-----b')
      const reply = cold('        ---r')
      const joined = '      ------^--------!'
      const held = '        ^--------------!'
      // The join rests the deadline from 6 to 9; what had run before is not known, so it has the whole of it again.
      const states = '      (co)---------w'
      const opened = '      ^------------!'
      const { socket, words$ } = socketOn(
        { link: () => link, answer: (message) => (isJoin(message) ? replying(reply)(message) : EMPTY) },
        { scheduler: jumping(scheduler, setBack, -HOUR_MS), heartbeatIntervalMs: 4 },
      )

      expectObservable(socket.channel('a').on('news'), joined).toBe('')
      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('gives no negative round trip', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const link = cold('   o', { o })
      const setBack = cold('-----b')
      const reply = cold('      --r')
      const held = '        ^-------------!'
      const trips = '       ------a-----b'
      const { socket } = socketOn(
        { link: () => link, answer: replying(reply) },
        { scheduler: jumping(scheduler, setBack, -HOUR_MS), heartbeatIntervalMs: 4 },
      )

      expectObservable(socket.latency$, held).toBe(trips, { a: 0, b: 2 })
    })
  })

  it('does not put off the timeout of a push: S6', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const link = cold('   o', { o })
      const setBack = cold('---b')
      const outcome = '     -----#'
      const { socket } = socketOn(
        { link: () => link, answer: (message) => (isJoin(message) ? of(okTo(message)) : NEVER) },
        { scheduler: jumping(scheduler, setBack, -HOUR_MS), pushTimeoutMs: 5 },
      )

      expectObservable(socket.channel('a').push('ask')).toBe(
        outcome,
        {},
        expect.objectContaining({ _tag: 'PushTimeout', sent: true }),
      )
    })
  })
})
