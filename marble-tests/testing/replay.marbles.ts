import {
  catchError,
  concat,
  concatMap,
  NEVER,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  takeUntil,
  timer,
} from 'rxjs'
import { type PhoenixSocket, phoenixSocket, type Transport, traceTo } from '../../lib/index.ts'
import {
  answerBy,
  broadcast,
  okTo,
  pushed,
  recordingTransport,
  replay,
  type ReplayOptions,
  type ReplayTransport,
  type Session,
  type SessionEvent,
  type SessionHeader,
} from '../../lib/testing/index.ts'
import { errorLike } from '../support/channel.ts'
import { run } from '../support/run.ts'

const HEADER: SessionHeader = {
  session: 'rx-phoenix',
  version: 1,
  url: 'ws://localhost/socket',
  vsn: '2.0.0',
  recordedAt: '1970-01-01T00:00:00.000Z',
}
type Frame = readonly [atMs: number, type: 'in' | 'out', frame: unknown]
type Happening = Frame | readonly [atMs: number, type: 'open' | 'close', facts?: object]

/** A session of connections, each a list of what happened. */
const sessionOf = (...connections: readonly (readonly Happening[])[]): Session => ({
  header: HEADER,
  events: connections.flatMap((happenings, i) =>
    happenings.map(([atMs, type, what]) => {
      const facts =
        type === 'in' || type === 'out' ? { text: JSON.stringify(what) } : (what as object | undefined)
      return { atMs, connection: i + 1, type, ...facts } as SessionEvent
    }),
  ),
})
const ok = { status: 'ok', response: {} }
const JOIN: readonly Frame[] = [
  [1, 'out', ['8', '8', 'room:a', 'phx_join', {}]],
  [4, 'in', ['8', '8', 'room:a', 'phx_reply', ok]],
]

const socketOn = (transport: Transport): PhoenixSocket =>
  phoenixSocket('ws://localhost/socket', {
    transport,
    heartbeatIntervalMs: 0,
    reconnect: () => 5,
    rejoin: () => 5,
  })
const replaying = (session: Session, options?: ReplayOptions) => {
  const transport = replay(session, options)
  return { transport, socket: socketOn(transport) }
}
const deviation = (transport: ReplayTransport): string => {
  try {
    transport.assertFollowed()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('replay', () => {
  /** A push three milliseconds after the start, and everything that is said. */
  const client = (socket: PhoenixSocket): Observable<unknown> => {
    const room = socket.channel('room:a')
    return merge(
      room.messages$.pipe(
        map(({ event, payload }) => [
          event,
          payload instanceof ArrayBuffer ? [...new Uint8Array(payload)] : payload,
        ]),
      ),
      timer(6).pipe(concatMap(() => room.push('say', { n: 1 }))),
    )
  }
  const heard = '------ab--(cd)'
  const values = {
    a: { id: 7 },
    b: ['news', { n: 1 }],
    c: ['said', { n: 1 }],
    d: ['bytes', [1, 255]],
  }
  const subscribed = '^-----------------!'

  it('sends what was recorded, when it came, whatever refs the client has by now', () => {
    const lines: (SessionHeader | SessionEvent)[] = []
    run(({ expectObservable, phoenix }, scheduler) => {
      const server = phoenix(
        'o------n--(st)',
        {
          n: broadcast('room:a', 'news', { n: 1 }),
          s: pushed('room:a', '1', 'said', { n: 1 }),
          t: pushed('room:a', '1', 'bytes', Uint8Array.of(1, 255).buffer),
        },
        { answer: answerBy({ say: (message) => of(okTo(message, { id: 7 })) }) },
      )
      const transport = recordingTransport(server.transport, (line) => lines.push(line), scheduler)
      expectObservable(client(socketOn(transport)), subscribed).toBe(heard, values)
    })
    const [header, ...events] = lines as [SessionHeader, ...SessionEvent[]]
    expect(events.length).toBeGreaterThan(8)

    run(({ expectObservable }) => {
      const { socket, transport } = replaying({ header, events })
      // A ref more than then.
      const ping$ = merge(socket, socket.ping()).pipe(ignoreElements())
      expectObservable(merge(ping$, client(socket)), subscribed).toBe(heard, values)
      expectObservable(timer(30).pipe(map(() => deviation(transport)))).toBe('30ms (a|)', { a: '' })
    })
  })

  it('waits for the client, and counts from what it has sent', () => {
    run(({ expectObservable }) => {
      const { socket } = replaying(
        sessionOf([
          [0, 'open'],
          ...JOIN,
          [5, 'out', ['8', '9', 'room:a', 'say', {}]],
          [7, 'in', [null, null, 'room:a', 'news', 1]],
          [8, 'in', ['8', '9', 'room:a', 'phx_reply', ok]],
        ]),
      )
      const room = socket.channel('room:a')
      expectObservable(room.on('news'), '^-----------------!').toBe('------------n', { n: 1 })
      expectObservable(timer(10).pipe(concatMap(() => room.push('say')))).toBe('10ms ---(r|)', { r: {} })
    })
  })

  it('plays topics apart from each other', () => {
    run(({ expectObservable }) => {
      const { socket } = replaying(
        sessionOf([
          [0, 'open'],
          [0, 'out', ['1', '1', 'room:a', 'phx_join', {}]],
          [0, 'out', ['2', '2', 'room:b', 'phx_join', {}]],
          [1, 'in', ['1', '1', 'room:a', 'phx_reply', ok]],
          [2, 'in', ['2', '2', 'room:b', 'phx_reply', ok]],
          [3, 'in', [null, null, 'room:b', 'news', 'b']],
          [5, 'in', [null, null, 'room:a', 'news', 'a']],
        ]),
      )
      const news = (topic: string) => socket.channel(topic).on('news')
      expectObservable(merge(news('room:b'), news('room:a')), '^--------!').toBe('---b-a')
    })
  })

  it('plays a session of version 1.0.0, and frames that are no messages, to a client of either version', () => {
    const first = { topic: 'room:a', payload: {}, ref: '1' }
    const session = sessionOf([
      [0, 'open'],
      [0, 'out', { ...first, event: 'phx_join', join_ref: '1' }],
      [1, 'in', { ...first, event: 'phx_reply', payload: ok }],
      [2, 'in', 'no message'],
      [4, 'in', { topic: 'room:a', event: 'news', payload: 7, ref: null }],
    ])
    const recorded = { ...session, header: { ...HEADER, vsn: '1.0.0' } }
    for (const vsn of ['1.0.0', '2.0.0'] as const)
      run(({ expectObservable }) => {
        const failed: string[] = []
        const socket = phoenixSocket('ws://localhost/socket', {
          transport: replay(recorded),
          heartbeatIntervalMs: 0,
          vsn,
          trace: traceTo((event) => {
            if (event.type === 'decode-failed') failed.push(event.error.frame)
          }),
        })
        expectObservable(socket.channel('room:a').on('news'), '^------!').toBe('----n', { n: 7 })
        expectObservable(timer(9).pipe(map(() => failed))).toBe('---------(a|)', { a: ['"no message"'] })
      })
  })

  it('loses the connection as it was lost, and plays the next one at the next dial', () => {
    run(({ expectObservable }) => {
      const { socket } = replaying(
        sessionOf(
          [
            [0, 'open'],
            [3, 'close', { cause: 'ConnectionClosed', code: 1012 }],
          ],
          [[9, 'close', { cause: 'ConnectionRefused' }]],
          [
            [20, 'open'],
            [22, 'close', { cause: 'ConnectionFailed' }],
          ],
        ),
      )
      const causes$ = socket.pipe(concatMap((state) => ('cause' in state ? [state.cause] : [])))
      expectObservable(causes$, '^------------------!').toBe('---l----r------f', {
        l: errorLike('ConnectionClosed', { code: 1012 }),
        r: errorLike('ConnectionFailed', { message: expect.stringContaining('ConnectionRefused') as string }),
        f: errorLike('ConnectionFailed'),
      })
    })
  })
})

describe('a client that deviates from a replay', () => {
  const session = sessionOf([
    [0, 'open'],
    ...JOIN,
    [5, 'out', ['8', '9', 'room:a', 'say', { n: 1 }]],
    [6, 'in', ['8', '9', 'room:a', 'phx_reply', ok]],
  ])

  it.each<[string, ReplayOptions, (socket: PhoenixSocket) => Observable<unknown>, string, string]>([
    [
      'by another event',
      {},
      (socket) => socket.channel('room:a').push('shout', { n: 2 }),
      '---x----x',
      'connection 1, "room:a": the client sent room:a shout {"n":2}, and the recording has room:a say {"n":1} there. If the client is right, record the session again.',
    ],
    [
      'by another payload, where they are compared',
      { matches: (sent, recorded) => JSON.stringify(sent.payload) === JSON.stringify(recorded.payload) },
      (socket) => socket.channel('room:a').push('say', { n: 2 }),
      '---x----x',
      'connection 1, "room:a": the client sent room:a say {"n":2}, and the recording has room:a say {"n":1} there. If the client is right, record the session again.',
    ],
    [
      'by another topic',
      {},
      (socket) => socket.channel('room:b'),
      'x----x',
      'connection 1, "room:b": the client sent room:b phx_join {}, and the recording has nothing more there. If the client is right, record the session again.',
    ],
    [
      'by one push too many',
      {},
      (socket) => {
        const room = socket.channel('room:a')
        return merge(room, concat(room.push('say'), room.push('say')))
      },
      '----x----x',
      'connection 1, "room:a": the client sent room:a say {}, and the recording has nothing more there. If the client is right, record the session again.',
    ],
  ])(
    '%s loses the connection permanently, with an error that has what was expected',
    (_how, options, work, when, message) => {
      run(({ expectObservable }) => {
        const { socket, transport } = replaying(session, options)
        const causes$ = socket.pipe(
          concatMap((state) => ('cause' in state ? [state.cause] : [])),
          map(({ _tag, message, cause }) => [_tag, message, (cause as { _tag?: string } | undefined)?._tag]),
        )
        const told = ['ConnectionFailed', expect.stringContaining(message), 'ReplayDeviated']
        const worked$ = work(socket).pipe(
          ignoreElements(),
          catchError(() => NEVER),
        )
        expectObservable(merge(causes$, worked$), '^---------!').toBe(when, {
          x: told,
        })
        expectObservable(timer(40).pipe(map(() => deviation(transport)))).toBe('40ms (a|)', { a: message })
      })
    },
  )

  it('by sending less is reported when the test asks', () => {
    run(({ expectObservable }) => {
      const { socket, transport } = replaying(session)
      expectObservable(socket.channel('room:a').pipe(ignoreElements()), '^-----').toBe('')
      expectObservable(timer(9).pipe(map(() => deviation(transport)))).toBe('---------(a|)', {
        a: 'connection 1, "room:a": the client sent nothing, and the recording has room:a say {"n":1} there. If the client is right, record the session again.',
      })
    })
  })

  it('by leaving early is answered as a server does, and continues at the next join', () => {
    run(({ expectObservable }) => {
      const again = JOIN.map(([atMs, type, frame]): Frame => [atMs + 10, type, frame])
      const { socket, transport } = replaying(
        sessionOf([
          [0, 'open'],
          ...JOIN,
          [6, 'in', [null, null, 'room:a', 'old', 1]],
          ...again,
          [16, 'in', [null, null, 'room:a', 'new', 2]],
        ]),
      )
      const room = socket.channel('room:a')
      const events$ = room.messages$.pipe(map(({ event }) => event[0]))
      expectObservable(socket.pipe(ignoreElements()), '^--------------!').toBe('')
      expectObservable(events$, '^---!').toBe('')
      expectObservable(events$, '-------^-------!').toBe('------------n')
      expectObservable(timer(20).pipe(map(() => deviation(transport)))).toBe('20ms (a|)', { a: '' })
    })
  })
})

it('a connection beyond those of the recording fails, and is a deviation where the client had closed the last one', () => {
  run(({ expectObservable }) => {
    const lost = { cause: 'ConnectionClosed', code: 1001 }
    const { socket, transport } = replaying(
      sessionOf([
        [0, 'open'],
        [2, 'close', lost],
      ]),
    )
    const closing = replaying(
      sessionOf([
        [0, 'open'],
        [2, 'close'],
      ]),
    )
    const twice$ = concat(closing.socket.pipe(takeUntil(timer(1))), closing.socket).pipe(ignoreElements())
    expectObservable(twice$, '^-------!').toBe('')
    expectObservable(timer(9).pipe(map(() => [deviation(transport), deviation(closing.transport)]))).toBe(
      '---------(a|)',
      {
        a: [
          '',
          'The client has connected more often than was recorded (once). If the client is right, record the session again.',
        ],
      },
    )
    expectObservable(
      socket.pipe(concatMap((state) => ('cause' in state ? [state.cause] : []))),
      '^-------!',
    ).toBe('--l----e', {
      l: errorLike('ConnectionClosed', { code: 1001 }),
      e: errorLike('ConnectionFailed', {
        message: expect.stringContaining('more often than was recorded (once)') as string,
      }),
    })
  })
})
