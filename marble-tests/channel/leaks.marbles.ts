import { EMPTY, map, NEVER, type Observable } from 'rxjs'
import { type Channel, type ChannelOptions } from '../../lib/index.ts'
import { crashed, type LinkScript } from '../../lib/testing/index.ts'
import { answers, saying, socketOn } from '../support/channel.ts'
import { countingScheduler } from '../support/counting-scheduler.ts'
import { run } from '../support/run.ts'

interface Case {
  /** An event that the server does not answer. */
  readonly silent?: string
  /** When the channel crashes. */
  readonly crash?: string
  readonly link?: LinkScript
  readonly options?: ChannelOptions
  readonly stream?: (channel: Channel) => Observable<unknown>
  /** What the client has sent by the end. */
  readonly sent: string
}

describe('S16: unsubscribing', () => {
  it('leaves and closes; neither a timer nor a listener remains', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }, scheduler) => {
      const link = cold('   -o----------', { o: 'open' as const })
      const wake = hot('    ------------')
      const subscribed = '  ^-----!     '
      const sent = '        -(Jp)-L     '
      const opened = '      ^-----!     '
      const looks = cold('  ---l-----l--')
      const timers = '      ---2-----0--'
      const counting = countingScheduler(scheduler)
      const { socket, sent$ } = socketOn(
        { link: () => link, answer: answers({ p: () => NEVER }) },
        { scheduler: counting, heartbeatIntervalMs: 9, wake },
      )

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').push('p'), subscribed).toBe('')
      // That of the next heartbeat, and that of the push.
      expectObservable(looks.pipe(map(() => String(counting.pending())))).toBe(timers)
      expectSubscriptions(link.subscriptions).toBe(opened)
      expectSubscriptions(wake.subscriptions).toBe(subscribed)
    })
  })

  it.each<[string, Case]>([
    ['while the socket connects', { link: NEVER, sent: '' }],
    ['while params are evaluated', { options: { params: () => NEVER }, sent: '' }],
    ['while a stream of params is silent', { options: { params: NEVER }, sent: '' }],
    ['while joining: a leave goes out', { silent: 'phx_join', sent: 'J-----L' }],
    ['while joined', { sent: 'J-----L' }],
    ['while errored: there is nothing to leave', { crash: '--x', options: { rejoin: () => 99 }, sent: 'J' }],
    ['while a push waits', { silent: 'phx_join', stream: (c) => c.push('p'), sent: 'J-----L' }],
    ['while a push is in flight', { silent: 'p', stream: (c) => c.push('p'), sent: '(Jp)--L' }],
    ['while a send waits', { silent: 'phx_join', stream: (c) => c.send('p'), sent: 'J-----L' }],
    ['while listening to an event', { stream: (c) => c.on('news'), sent: 'J-----L' }],
    ['while listening to all messages', { stream: (c) => c.messages$, sent: 'J-----L' }],
  ])(
    'leaves no timer and no subscription behind, %s',
    (_name, { silent = '', crash = '', link, options, stream = (channel) => channel, sent }) => {
      run(({ cold, expectObservable }, scheduler) => {
        const subscribed = '^-----!         '
        const looks = cold('50ms l          ')
        const crashes = cold(crash, { x: crashed('room:a', '1') })
        const { socket, sent$ } = socketOn(
          { link: () => link ?? saying(crashes), answer: answers({ [silent]: () => EMPTY }) },
          { scheduler, heartbeatIntervalMs: 500 },
        )
        const channel = socket.channel('room:a', options)
        // Any timer of the library would still be waiting then: the shortest is that of a heartbeat.
        const left$ = looks.pipe(
          map(() => [channel.state.status, socket.state.status, scheduler.actions.length]),
        )

        expectObservable(sent$, '^---------!').toBe(sent)
        expectObservable(stream(channel), subscribed)
        expectObservable(left$).toBe('50ms l', { l: ['idle', 'idle', 0] })
      })
    },
  )

  it('clears the timer of pushes with the last of them', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const answered = ' -^         '
      const given = '    -^-!       '
      const held = '     -^ 90ms !  '
      const looks = cold('--l-------l')
      const timers = '   --1-------0'
      const counting = countingScheduler(scheduler)
      const { socket } = socketOn({ answer: answers({ q: () => EMPTY }) }, { scheduler: counting })
      const channel = socket.channel('room:a')

      expectObservable(channel.push('p'), answered)
      expectObservable(channel.push('q'), given)
      expectObservable(channel, held)
      expectObservable(looks.pipe(map(() => String(counting.pending())))).toBe(timers)
    })
  })
})
