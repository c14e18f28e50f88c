import { concatMap, filter, from, ignoreElements, map, merge, type Observable, scan, tap } from 'rxjs'
import { InvalidArgument, type PhoenixSocket, phoenixSocket, type Transport } from '../../lib/index.ts'
import { fakePhoenix, type FakePhoenixOptions, type LinkScript } from '../../lib/testing/index.ts'
import { cut, errorLike, kind } from '../support/channel.ts'
import { run } from '../support/run.ts'

/** A socket whose transport says that so many bytes are buffered, as it is told. */
const socketWith = (
  fake: FakePhoenixOptions = {},
): { socket: PhoenixSocket; sent$: Observable<string>; buffered: { bytes: number } } => {
  const server = fakePhoenix(fake)
  const buffered = { bytes: 0 }
  const transport: Transport = (target) =>
    server.transport(target).pipe(
      map((event) =>
        event.type === 'open'
          ? {
              type: 'open',
              link: {
                send: (frame) => {
                  event.link.send(frame)
                },
                get bufferedAmount() {
                  return buffered.bytes
                },
              },
            }
          : event,
      ),
    )
  const socket = phoenixSocket('ws://localhost/socket', {
    transport,
    heartbeatIntervalMs: 0,
    reconnect: () => 3,
  })
  return { socket, buffered, sent$: server.sent$.pipe(map(kind)) }
}

/** Sets what is buffered, in thousands of bytes. */
const filling = (buffered: { bytes: number }, thousands$: Observable<string>): Observable<string> =>
  thousands$.pipe(tap((thousands) => (buffered.bytes = Number(thousands) * 1_000)))

describe('a high-water mark', () => {
  it('keeps pushes and sends waiting, in order, until no more than that is buffered; others overtake them', () => {
    run(({ expectObservable, cold }) => {
      const full = '  2------------------0 '
      const all = '   -^-------------------------'
      const sent = '  -Jc-- 16ms (pqr)'
      const { socket, buffered, sent$ } = socketWith()
      const channel = socket.channel('room:a')
      const limit = { highWaterMark: 1_000 }
      const pushes$ = merge(
        channel.push('p', {}, limit),
        channel.send('q', {}, limit),
        channel.push('r', {}, { highWaterMark: 1_999 }),
      )

      expectObservable(sent$).toBe(sent)
      expectObservable(filling(buffered, cold(full)))
      expectObservable(channel, all)
      expectObservable(pushes$, all)
      expectObservable(channel.send('c'), '--^')
    })
  })

  it('counts within the time of the push, which has not been sent then', () => {
    run(({ expectObservable }) => {
      const { socket, buffered, sent$ } = socketWith()
      buffered.bytes = 2_000
      const push$ = socket.channel('room:a').push('p', {}, { highWaterMark: 0, timeoutMs: 25 })

      expectObservable(sent$).toBe('J 24ms L')
      expectObservable(push$).toBe('25ms #', {}, errorLike('PushTimeout', { sent: false }))
    })
  })

  it('forgets a push that is unsubscribed, and leaves no timer', () => {
    run(({ expectObservable }, scheduler) => {
      const { socket, buffered, sent$ } = socketWith()
      buffered.bytes = 2_000
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe('J----L')
      expectObservable(channel.push('p', {}, { highWaterMark: 0 }), '^----!')
      scheduler.schedule(() => {
        expect(scheduler.actions.length).toBe(0)
      }, 30)
    })
  })

  it('applies on the next connection too, to what was not sent on the first', () => {
    run(({ expectObservable, cold }) => {
      const full = '  2--------------0     '
      const link = '  o----#'
      const sent = '  J----------J---------(pL)'
      const { socket, buffered, sent$ } = socketWith({
        link: (i): LinkScript =>
          i === 0 ? cold<'open'>(link, { o: 'open' }, cut()) : cold<'open'>('---o', { o: 'open' }),
      })

      expectObservable(sent$).toBe(sent)
      expectObservable(filling(buffered, cold(full)))
      expectObservable(socket.channel('room:a').push('p', {}, { highWaterMark: 0 }), '^ 40ms !')
    })
  })

  it('takes thousands that each begin at the end of the one before, in order and on no growing stack', () => {
    run(({ expectObservable, cold }) => {
      const full = '-----0'
      const { socket, buffered, sent$ } = socketWith()
      buffered.bytes = 2_000
      const channel = socket.channel('room:a')
      const numbers = Array.from({ length: 5_000 }, (_, n) => n)
      const sends$ = from(numbers).pipe(concatMap((n) => channel.send(`s${n}`, {}, { highWaterMark: 0 })))
      const count$ = sent$.pipe(
        filter((sent) => sent.startsWith('s')),
        scan((count, sent) => (sent === `s${count}` ? count + 1 : NaN), 0),
        filter((count) => count >= 5_000),
      )

      expectObservable(filling(buffered, cold(full)))
      expectObservable(count$).toBe('10ms a', { a: 5_000 })
      expectObservable(merge(channel.pipe(ignoreElements()), sends$), '^ 19ms !').toBe('')
    })
  })

  it.each([-1, NaN, '5' as unknown as number])('of %j is rejected at the call', (highWaterMark) => {
    const channel = phoenixSocket('ws://localhost/socket').channel('room:a')
    expect(() => channel.push('p', {}, { highWaterMark })).toThrow(InvalidArgument)
  })
})
