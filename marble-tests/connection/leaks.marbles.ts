import { map, merge, NEVER } from 'rxjs'
import { type SocketOptions } from '../../lib/index.ts'
import { countingScheduler } from '../support/counting-scheduler.ts'
import { run } from '../support/run.ts'
import { closedWith, socketOn } from '../support/socket.ts'

const o = 'open' as const

describe('S16: after the last unsubscribe nothing is left', () => {
  it.each<[string, string, string, SocketOptions]>([
    ['while connecting', '-----', '^---!', {}],
    ['while an input is evaluated', 'o----', '', { authToken: () => NEVER }],
    ['while open', 'o----', '^---!', {}],
    ['while a heartbeat waits for its reply', 'o----', '^---!', { heartbeatIntervalMs: 2 }],
    ['while waiting', '-#', '^!', {}],
    ['while lingering', 'o----', '^--------!', { lingerMs: 5 }],
  ])('no timer and no subscription, %s', (_case, marbles, opened, given) => {
    run(({ cold, hot, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold<'open'>(marbles, { o }, closedWith(1006))
      const [wake, pause] = [hot('-'), hot<boolean>('-')]
      const held = '      ^---!'
      const looks = cold('---l------l')
      const timers = '    ---s------n'
      const counting = countingScheduler(scheduler)
      const { socket } = socketOn(
        { link: () => link, answer: () => NEVER },
        { scheduler: counting, reconnect: () => 9, wake, pause, ...given },
      )
      const channel = socket.channel('a')
      const everything$ = merge(
        socket,
        channel,
        channel.on('news'),
        socket.channel('b').push('hello'),
        socket.ping(),
        socket.latency$,
      )
      const until = given.lingerMs === undefined ? held : opened

      expectObservable(everything$, held)
      expectObservable(looks.pipe(map(() => (counting.pending() > 0 ? 's' : 'n')))).toBe(timers)
      expectObservable(cold('----------l').pipe(map(() => [socket.state, channel.state]))).toBe(
        '----------l',
        {
          l: [{ status: 'idle' }, { status: 'idle' }],
        },
      )
      expectSubscriptions(link.subscriptions).toBe(opened === '' ? [] : opened)
      for (const input of [wake, pause]) expectSubscriptions(input.subscriptions).toBe(until)
    })
  })
})
