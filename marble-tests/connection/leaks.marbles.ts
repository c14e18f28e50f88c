import { merge, NEVER, Subject } from 'rxjs'
import { type SocketOptions } from '../../lib/index.ts'
import { countingScheduler } from '../support/counting-scheduler.ts'
import { run } from '../support/run.ts'
import { closedWith, socketOn } from '../support/socket.ts'

const o = 'open' as const

describe('S16: after the last unsubscribe nothing is left', () => {
  it.each<[string, string, SocketOptions]>([
    ['while connecting', '-----', {}],
    ['while an input is evaluated', 'o----', { authToken: () => NEVER }],
    ['while open', 'o----', {}],
    ['while a heartbeat waits for its reply', 'o----', { heartbeatIntervalMs: 2 }],
    ['while waiting', '-#', {}],
    ['while lingering', 'o----', { lingerMs: 5 }],
  ])('no timer and no subscription, %s', (_case, marbles, given) => {
    run(({ cold, expectSubscriptions }, scheduler) => {
      const link = cold<'open'>(marbles, { o }, closedWith(1006))
      const counting = countingScheduler(scheduler)
      const inputs = {
        wake: new Subject<void>(),
        pause: new Subject<boolean>(),
        params: new Subject<object>(),
      }
      const { socket } = socketOn(
        { link: () => link, answer: () => NEVER },
        {
          scheduler: counting,
          reconnect: () => 9,
          wake: inputs.wake,
          pause: inputs.pause,
          ...given,
        },
      )
      let most = 0
      const everything$ = merge(
        socket,
        socket.channel('a'),
        socket.channel('a').on('news'),
        socket.channel('b').push('hello'),
        socket.ping(),
        socket.latency$,
      )
      scheduler.schedule(() => {
        const subscription = everything$.subscribe()
        scheduler.schedule(() => {
          most = counting.pending()
          subscription.unsubscribe()
        }, 4)
      })
      scheduler.schedule(() => {
        expect(most).toBeGreaterThan(0)
        expect(counting.pending()).toBe(0)
        expect([inputs.wake.observed, inputs.pause.observed]).toEqual([false, false])
        expect(socket.state).toEqual({ status: 'idle' })
        expect(socket.channel('a').state).toEqual({ status: 'idle' })
      }, 10)
      const lost = marbles.includes('#')
      const lingering = given.lingerMs !== undefined
      const dialled = given.authToken === undefined
      expectSubscriptions(link.subscriptions).toBe(
        dialled ? (lost ? '^!' : lingering ? '^--------!' : '^---!') : [],
      )
    })
  })
})
