import { EMPTY, filter, map } from 'rxjs'
import { fakeClock, type MarbleHelpers, openLink } from '../../lib/testing/index.ts'
import { answers, cut, errorLike, letter, refuse, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

type Scheduler = Parameters<typeof fakeClock>[0]

/** A clock that jumps by so much at a moment. */
const jumping = (scheduler: Scheduler, atMs: number, byMs: number): ReturnType<typeof fakeClock> => {
  const clock = fakeClock(scheduler)
  scheduler.schedule(() => {
    clock.jump(byMs)
  }, atMs)
  return clock
}

/** The first link is cut; those that follow stay open. */
const cutAt = (cold: MarbleHelpers['cold'], marbles: string) => (index: number) =>
  index === 0 ? cold<'open'>(marbles, { o: 'open' }, cut()) : openLink

const silent = answers({ phx_join: () => EMPTY })

describe.each([
  ['a machine that slept for an hour', HOUR_MS],
  ['a clock that is set back by an hour', -HOUR_MS],
])('%s', (_what, jumpMs) => {
  it('leaves the wait for a reconnect as it was shown, and dials once: S9', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const dials = 'x-----x      '
      const held = ' ^-----------!'
      const { socket, server } = socketOn(
        { link: cutAt(cold, 'o-#') },
        { scheduler: jumping(scheduler, 3, jumpMs), reconnect: () => 4 },
      )

      expectObservable(server.targets$.pipe(map(() => 'x'))).toBe(dials)
      expectObservable(socket.pipe(filter(() => false)), held).toBe('')
    })
  })

  it('leaves the wait for a rejoin as it was shown, and joins once: S8', () => {
    run(({ expectObservable }, scheduler) => {
      const sent = 'J-----J----L'
      const held = '^----------!'
      const sees = '(wj)-ej'
      const { socket, sent$ } = socketOn(
        { answer: answers({ phx_join: refuse('full') }, 5) },
        { scheduler: jumping(scheduler, 3, jumpMs), rejoin: () => 1 },
      )

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').pipe(map(letter)), held).toBe(sees)
    })
  })

  it('times a join out, once: S8', () => {
    run(({ expectObservable }, scheduler) => {
      const { socket } = socketOn(
        { answer: silent },
        { scheduler: jumping(scheduler, 2, jumpMs), joinTimeoutMs: 6, rejoin: () => MINUTE_MS },
      )
      const errored$ = socket.channel('room:a').pipe(
        filter(({ status }) => status === 'errored'),
        map(letter),
      )

      expectObservable(errored$, '^ 40s !').toBe('------e')
    })
  })

  it('times pushes out, once: S6', () => {
    run(({ expectObservable }, scheduler) => {
      const { socket } = socketOn(
        { answer: answers({ p: () => EMPTY }) },
        { scheduler: jumping(scheduler, 5, jumpMs), pushTimeoutMs: 6 },
      )
      const channel = socket.channel('room:a')
      const error = errorLike('PushTimeout', { sent: true })

      expectObservable(channel.push('p'), '---^').toBe('---------#', {}, error)
      expectObservable(channel, '^ 30s !')
    })
  })

  it('ends the linger of a channel and of its socket in time: S1', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold<'open'>('o', { o: 'open' })
      const held = '^---!    '
      const sent = 'J--------L'
      const { socket, sent$ } = socketOn(
        { link: () => link },
        { scheduler: jumping(scheduler, 6, jumpMs), lingerMs: 5 },
      )

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').on('x'), held).toBe('')
      expectSubscriptions(link.subscriptions).toBe(jumpMs > 0 ? '^--------!' : '^-------------!')
    })
  })
})

describe('timers that are throttled to one a minute', () => {
  it('dial once a minute, and no more when they are late: S9', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const clock = fakeClock(scheduler)
      clock.throttle(MINUTE_MS)
      const { socket, server } = socketOn(
        { link: () => cold<'open'>('#', {}, cut()) },
        { scheduler: clock, reconnect: () => 3 },
      )

      expectObservable(server.targets$.pipe(map(() => 'x')), '^ 200s !').toBe(
        'x 59999ms x 59999ms x 59999ms x',
      )
      expectObservable(socket.pipe(filter(() => false)), '^ 200s !').toBe('')
    })
  })

  it('let a join that is not answered go on once a minute: S8', () => {
    run(({ expectObservable }, scheduler) => {
      const clock = fakeClock(scheduler)
      clock.throttle(MINUTE_MS)
      const { socket, sent$ } = socketOn(
        { answer: silent },
        { scheduler: clock, joinTimeoutMs: 10, rejoin: () => 10 },
      )

      // Sent, given up at the next minute, sent again at the one after that.
      expectObservable(sent$).toBe('J 59999ms L 59999ms J 59999ms L')
      expectObservable(socket.channel('room:a').on('x'), '^ 200s !').toBe('')
    })
  })
})
