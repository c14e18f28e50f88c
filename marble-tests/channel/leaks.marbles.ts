import { EMPTY, merge, NEVER, type Observable, of, switchMap, timer } from 'rxjs'
import { type Channel, type ChannelOptions } from '../../lib/index.ts'
import { crashed, type FakePhoenixOptions, openLink } from '../../lib/testing/index.ts'
import { answers, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

const silent = (event: string): FakePhoenixOptions => ({ answer: answers({ [event]: () => EMPTY }) })
const crashing: FakePhoenixOptions = {
  link: () => merge(openLink, timer(2).pipe(switchMap(() => of(crashed('room:a', '1'))))),
}

interface Case {
  readonly fake?: FakePhoenixOptions
  readonly options?: ChannelOptions
  readonly stream?: (channel: Channel) => Observable<unknown>
  /** What the client has sent by the end. */
  readonly sent: string
}

describe('S16: unsubscribing', () => {
  it.each<[string, Case]>([
    ['while the socket connects', { fake: { link: () => NEVER }, sent: '' }],
    ['while params are evaluated', { options: { params: () => NEVER }, sent: '' }],
    ['while a stream of params is silent', { options: { params: NEVER }, sent: '' }],
    ['while joining: a leave goes out', { fake: silent('phx_join'), sent: 'J-----L' }],
    ['while joined', { sent: 'J-----L' }],
    [
      'while errored: there is nothing to leave',
      { fake: crashing, options: { rejoin: () => 99 }, sent: 'J' },
    ],
    ['while a push waits', { fake: silent('phx_join'), stream: (c) => c.push('p'), sent: 'J-----L' }],
    ['while a push is in flight', { fake: silent('p'), stream: (c) => c.push('p'), sent: '(Jp)--L' }],
    ['while a send waits', { fake: silent('phx_join'), stream: (c) => c.send('p'), sent: 'J-----L' }],
    ['while listening to an event', { stream: (c) => c.on('news'), sent: 'J-----L' }],
    ['while listening to all messages', { stream: (c) => c.messages$, sent: 'J-----L' }],
  ])(
    'leaves no timer and no subscription behind, %s',
    (_name, { fake, options, stream = (channel) => channel, sent }) => {
      run(({ expectObservable, flush }, scheduler) => {
        const { socket, sent$ } = socketOn(fake, { scheduler, heartbeatIntervalMs: 500 })
        const channel = socket.channel('room:a', options)
        const subscribed = '^-----!'

        expectObservable(sent$, '^---------!').toBe(sent)
        expectObservable(stream(channel), subscribed)
        scheduler.schedule(() => {
          expect(channel.state).toEqual({ status: 'idle' })
          expect(socket.state).toEqual({ status: 'idle' })
          // Any timer of the library would still be waiting now: the shortest is that of a heartbeat.
          expect(scheduler.actions).toEqual([])
        }, 50)
        flush()
      })
    },
  )

  it('clears the timer of pushes with the last of them', () => {
    run(({ expectObservable, flush }, scheduler) => {
      const { socket } = socketOn(silent('q'), { scheduler })
      const channel = socket.channel('room:a')

      expectObservable(channel.push('p'), '-^')
      expectObservable(channel.push('q'), '-^-!')
      expectObservable(channel, '-^----------------------- 90ms !')
      scheduler.schedule(() => {
        // What is left is the end of the subscription above.
        expect(scheduler.actions).toHaveLength(1)
      }, 50)
      flush()
    })
  })
})
