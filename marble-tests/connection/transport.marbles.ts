import { catchError, ignoreElements, map, merge, NEVER, type Observable, of, throwError } from 'rxjs'
import {
  ConnectionFailed,
  ConnectTimeout,
  type Link,
  type LinkEvent,
  phoenixSocket,
  type SocketError,
  type Transport,
} from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'
import { letters, run } from '../support/run.ts'
import { inOrder, socketOn, URL } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3' }

describe('connectTimeoutMs', () => {
  it('abandons an attempt that does not open in time, with ConnectTimeout', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const silent = cold<'open'>(' ----------')
      const good = cold('          -o', { o })
      const held = '        ^--------!'
      const { socket, words$ } = socketOn({ link: inOrder(silent, good) }, { connectTimeoutMs: 4 })
      const causes$ = socket.pipe(map((state) => (state.status === 'waiting' ? state.cause : 0)))

      expectObservable(words$, held).toBe('c---w--co', values)
      expectObservable(causes$, held).toBe('0---e--00', { 0: 0, e: new ConnectTimeout(4) })
      expectSubscriptions(silent.subscriptions).toBe('^---!')
    })
  })

  it('does not count once the link is open', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('   -o--------', { o })
      const held = '        ^--------!'
      const { words$ } = socketOn({ link: () => link }, { connectTimeoutMs: 4 })

      expectObservable(words$, held).toBe('co', values)
      expectSubscriptions(link.subscriptions).toBe('^--------!')
    })
  })
})

/** A server that answers, by a transport whose `send` throws at the first frame of an event. */
const throwingOnceAt = (event: string, failure: Error): Transport => {
  const { transport } = fakePhoenix()
  let threw = false
  return (target) =>
    transport(target).pipe(
      map((each) => {
        if (each.type === 'frame') return each
        const send: Link['send'] = (frame) => {
          if (!threw && String(frame).includes(`"${event}"`)) {
            threw = true
            throw failure
          }
          each.link.send(frame)
        }
        return { ...each, link: { bufferedAmount: 0, send } }
      }),
    )
}

describe('a transport from outside', () => {
  const failure = new Error('proxy says no')
  const failed = new ConnectionFailed('proxy says no', { cause: failure })

  it.each<[string, Transport]>([
    ['errors with an error of its own', () => throwError(() => failure)],
    [
      'throws',
      () => {
        throw failure
      },
    ],
  ])('that %s is a failed attempt', (_case, transport) => {
    run(({ expectObservable }) => {
      const socket = phoenixSocket(URL, { transport, reconnect: () => 'stop' })

      expectObservable(socket.pipe(map(({ status }) => status))).toBe('(c#)', letters, failed)
    })
  })

  it('that completes has lost its connection', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = { bufferedAmount: 0, send: () => undefined }
      const events$ = cold('-o-|', { o: { type: 'open' as const, link } })
      const held = '        ^-----!'
      const socket = phoenixSocket(URL, { transport: () => events$, reconnect: () => 9 })
      const shown$ = socket.pipe(
        map((state) => (state.status === 'waiting' ? state.cause._tag : state.status)),
      )

      expectObservable(shown$, held).toBe('co-w', { ...letters, w: 'ConnectionClosed' })
      expectSubscriptions(events$.subscriptions).toBe('^--!')
    })
  })

  it.each(['phx_join', 'p', 'heartbeat', 'phx_leave'])(
    'that throws at a frame (%s) has lost its connection, and the error reaches nobody else',
    (event) => {
      run(({ expectObservable, flush }, scheduler) => {
        const causes: unknown[] = []
        const ends: string[] = []
        const socket = phoenixSocket(URL, {
          transport: throwingOnceAt(event, failure),
          scheduler,
          heartbeatIntervalMs: 5,
          reconnect: (cause) => {
            causes.push(cause)
            return 2
          },
        })
        const [a, b] = [socket.channel('room:a'), socket.channel('room:b')]
        const ended$ = merge(a.push('p'), a.push('q'), b.push('r')).pipe(
          map(() => 'ok'),
          catchError(({ _tag }: SocketError) => of(_tag)),
        )
        ended$.subscribe((end) => ends.push(end))

        expectObservable(merge(a, b).pipe(ignoreElements()), '^--------!').toBe('')
        expectObservable(socket.pipe(ignoreElements()), '^-----------!').toBe('')
        flush()
        expect(causes).toEqual([
          expect.objectContaining({ _tag: 'ConnectionClosed', code: 1006, wasClean: false, cause: failure }),
        ])
        // The frame was not taken, so the push is not sent: it goes out after the rejoin.
        expect(ends).toEqual(['ok', 'ok', 'ok'])
        expect(scheduler.actions).toEqual([])
      })
    },
  )

  it('that throws at a send has not sent it: it goes out after the rejoin', () => {
    run(({ expectObservable }) => {
      const socket = phoenixSocket(URL, { transport: throwingOnceAt('p', failure), reconnect: () => 2 })

      expectObservable(socket.channel('room:a').send('p'), '-^').toBe('---|')
    })
  })

  it('that throws at each push is asked again until the push times out, which was never sent', () => {
    run(({ expectObservable }) => {
      const { transport } = fakePhoenix()
      const throwing: Transport = (target) =>
        transport(target).pipe(
          map((each) => {
            if (each.type === 'frame') return each
            const send: Link['send'] = (frame) => {
              if (String(frame).includes('"p"')) throw failure
              each.link.send(frame)
            }
            return { ...each, link: { bufferedAmount: 0, send } }
          }),
        )
      const socket = phoenixSocket(URL, { transport: throwing, reconnect: () => 2 })

      expectObservable(socket.channel('room:a').push('p', {}, { timeoutMs: 5 })).toBe(
        '-----#',
        {},
        expect.objectContaining({ _tag: 'PushTimeout', sent: false }),
      )
    })
  })

  it.each<[string, unknown]>([
    ['nothing', null],
    ['an event of another type', { type: 'message', data: '' }],
    ['an open without a link', { type: 'open' }],
    ['a frame without a frame', { type: 'frame' }],
    ['an Observable', NEVER],
  ])('that gives %s has lost its connection, if it had one', (_case, event) => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = { bufferedAmount: 0, send: () => undefined }
      const events$ = cold<unknown>('-(oe)', { o: { type: 'open', link }, e: event })
      const held = '        ^-------!'
      // As if TypeScript had not refused it.
      const transport: Transport = () => events$ as Observable<LinkEvent>
      const socket = phoenixSocket(URL, { transport, reconnect: () => 9 })
      const shown$ = socket.pipe(
        map((state) => (state.status === 'waiting' ? state.cause.message : state.status)),
      )
      const w =
        'The connection was closed with code 1006 (the transport emitted a value that is not a LinkEvent); "reconnect" decides what follows.'

      expectObservable(shown$, held).toBe('c(ow)', { ...letters, w })
      expectSubscriptions(events$.subscriptions).toBe('^!')
    })
  })

  it('that never emits is unsubscribed with its subscriber', () => {
    run(({ expectObservable }) => {
      const socket = phoenixSocket(URL, { transport: () => NEVER })

      expectObservable(socket.pipe(map(({ status }) => status)), '--^-!').toBe('--c', letters)
    })
  })
})
