import { delay, EMPTY, map, NEVER, of, throwError } from 'rxjs'
import {
  inspect,
  type Message,
  type PhoenixSocket,
  type SocketOptions,
  type SocketSnapshot,
  type TraceEvent,
  traceTo,
} from '../../lib/index.ts'
import {
  closed,
  crashed,
  errorTo,
  type FakePhoenixOptions,
  type MarbleHelpers,
  okTo,
} from '../../lib/testing/index.ts'
import { run, word } from '../support/run.ts'
import { closedWith, socketOn } from '../support/socket.ts'

/** Uses a socket in virtual time, and gives what it shows of its inside at some moments. */
const snapshots = (
  moments: readonly number[],
  use: (socket: PhoenixSocket, helpers: MarbleHelpers) => void,
  fake: (helpers: MarbleHelpers) => FakePhoenixOptions = () => ({}),
  options: SocketOptions = {},
): SocketSnapshot[] => {
  const taken: SocketSnapshot[] = []
  run((helpers, scheduler) => {
    const { socket } = socketOn(fake(helpers), { heartbeatIntervalMs: 0, ...options })
    for (const atMs of moments) scheduler.schedule(() => taken.push(inspect(socket)), atMs)
    use(socket, helpers)
  })
  return taken
}

const connection = (state: object, channels = 0): object => ({ number: 1, state, channels })
const open = (channels: number, awaitedReplies: number): object => ({
  ...connection({ status: 'open', attempt: 0 }, channels),
  connectionId: 1,
  bufferedAmount: 0,
  awaitedReplies,
})
const channel = (state: object, pushes: object[] = []): object => ({
  topic: 'a',
  connection: 1,
  state,
  subscribers: 1 + pushes.length,
  lingering: false,
  pushes,
})

describe('S16: leaves that the server never answers', () => {
  const joinAndLeave = (
    answer: Required<FakePhoenixOptions>['answer'],
    moments: readonly number[],
  ): unknown[] =>
    snapshots(
      moments,
      (socket, { expectObservable }) => {
        expectObservable(socket, '^ 30s !')
        expectObservable(socket.channel('a'), '-^-!')
      },
      () => ({ answer }),
    ).map(({ connections }) => connections[0]?.awaitedReplies)

  it('are forgotten with the phx_close of the join', () => {
    const closeOnly: Required<FakePhoenixOptions>['answer'] = (message) =>
      message.event === 'phx_leave'
        ? of(closed(message.topic, message.joinRef ?? '')).pipe(delay(2))
        : of(okTo(message))

    expect(joinAndLeave(closeOnly, [4, 6])).toEqual([1, 0])
  })

  it('are forgotten after a time when the join is not closed either', () => {
    const silent: Required<FakePhoenixOptions>['answer'] = (message) =>
      message.event === 'phx_leave' ? EMPTY : of(okTo(message))

    expect(joinAndLeave(silent, [4, 10_004])).toEqual([1, 0])
  })

  it('are expected for a while although nobody waits: the trace shows no unknown ref', () => {
    const events: TraceEvent[] = []
    run((helpers) => {
      const { socket } = socketOn({}, { trace: traceTo((event) => events.push(event)) })
      helpers.expectObservable(socket, '^----!')
      helpers.expectObservable(socket.channel('a'), '-^-!')
    })
    expect(events.filter(({ type }) => type === 'dropped')).toEqual([])
  })
})

describe('inspect', () => {
  it('shows an idle socket, before and after it was used, and does not connect it', () => {
    const taken = snapshots([0, 9], (socket, { expectObservable }) => {
      expectObservable(socket.channel('a').on('news'), '--^--!').toBe('')
    })
    const idle = { connections: [connection({ status: 'idle' })], channels: [] }

    expect(taken).toEqual([
      { atMs: 0, ...idle },
      { atMs: 9, ...idle },
    ])
  })

  it('shows channels that wait, join and are joined, and pushes without a reply, with their age', () => {
    const link = '    ----o--'
    const joined = '      ---j'
    const held = '    ^----------!'
    const states = '  w---j--J----'
    const push = '   -^---------!'
    const taken = snapshots(
      [2, 5, 9],
      (socket, { expectObservable }) => {
        const a = socket.channel('a')
        const letters = { w: 'waiting', j: 'joining', J: 'joined' }

        expectObservable(a.pipe(map(word)), held).toBe(states, letters)
        expectObservable(a.push('hello', {}, { timeoutMs: 50 }), push).toBe('')
      },
      ({ cold }) => ({
        link: () => cold(link, { o: 'open' as const }),
        answer: (message) => (message.event === 'phx_join' ? cold(joined, { j: okTo(message) }) : NEVER),
      }),
    )
    const hello = (status: string, ageMs: number): object => ({
      event: 'hello',
      status,
      ageMs,
      timeoutMs: 50,
    })

    expect(taken).toEqual([
      {
        atMs: 2,
        connections: [connection({ status: 'connecting', attempt: 0 }, 1)],
        channels: [channel({ status: 'waiting' }, [hello('waiting', 1)])],
      },
      {
        atMs: 5,
        connections: [open(1, 1)],
        channels: [channel({ status: 'joining', attempt: 0 }, [hello('waiting', 4)])],
      },
      {
        atMs: 9,
        connections: [open(1, 1)],
        channels: [channel({ status: 'joined', joinRef: '1', rejoined: false }, [hello('sent', 8)])],
      },
    ])
  })

  it('shows the rest of a wait, and its cause', () => {
    const link = '  -o--#'
    const held = '  ^-------!'
    const [waiting, joined] = snapshots(
      [5, 8],
      (socket, { expectObservable }) => {
        expectObservable(socket.channel('a').on('news'), held).toBe('')
      },
      ({ cold }) => ({ link: (i) => cold(i ? 'o' : link, { o: 'open' as const }, closedWith(1006)) }),
      { reconnect: () => 3 },
    )

    expect(waiting?.connections).toEqual([
      connection({ status: 'waiting', attempt: 1, retryInMs: 2, cause: 'ConnectionClosed' }, 1),
    ])
    expect(waiting?.channels).toEqual([channel({ status: 'waiting' })])
    expect(joined?.channels).toEqual([channel({ status: 'joined', joinRef: '2', rejoined: true })])
  })

  it('shows a channel that waits to rejoin, one that lingers, and none that has ended', () => {
    const taken = snapshots(
      [3, 9],
      (socket, { expectObservable }) => {
        expectObservable(socket.channel('a').on('news'), '^---!').toBe('')
        expectObservable(socket.channel('b', { lingerMs: 3 }).on('news'), '^!').toBe('')
        expectObservable(socket.channel('c').on('news'), '^!').toBe('')
      },
      ({ cold }) => ({
        link: () => cold('(oc)', { o: 'open' as const, c: crashed('a', '1') }),
      }),
      { rejoin: () => 5 },
    )

    expect(taken.map(({ channels }) => channels)).toEqual([
      [
        channel({ status: 'errored', attempt: 1, retryInMs: 2, cause: 'ChannelCrashed' }),
        {
          ...channel({ status: 'joined', joinRef: '2', rejoined: false }),
          topic: 'b',
          subscribers: 0,
          lingering: true,
        },
      ],
      [],
    ])
  })

  it('shows a pause, and every connection that channels are spread over', () => {
    const taken = snapshots(
      [1, 3],
      (socket, { expectObservable }) => {
        for (const topic of ['a', 'b']) expectObservable(socket.channel(topic).on('news'), '^---!').toBe('')
      },
      () => ({}),
      { channelsPerConnection: 1, pause: of(false) },
    )
    expect(taken[0]?.connections).toMatchObject([
      { number: 1, connectionId: 1, channels: 1 },
      { number: 2, connectionId: 2, channels: 1 },
    ])
    expect(taken[0]?.channels).toMatchObject([
      { topic: 'a', connection: 1 },
      { topic: 'b', connection: 2 },
    ])

    const [paused] = snapshots(
      [1],
      (socket, { expectObservable }) => {
        expectObservable(socket.channel('a').on('news'), '^---!').toBe('')
      },
      () => ({}),
      { pause: of(true) },
    )
    expect(paused?.connections).toEqual([connection({ status: 'paused' }, 1)])
  })

  it('is plain data, and holds no secret', () => {
    const secret = { token: 'S3CRET', text: 'S3CRET' }
    const taken = snapshots(
      [1, 3, 6, 9],
      (socket, { expectObservable }) => {
        const a = socket.channel('a', { params: secret })
        const lost = expect.objectContaining({ _tag: 'ConnectionLost' }) as unknown
        expectObservable(a.push('login', secret)).toBe('-----#', {}, lost)
        expectObservable(a.on('news'), '^---------!').toBe('')
        expectObservable(socket.channel('b', { params: secret }).on('news'), '^---------!').toBe('')
      },
      ({ cold }) => ({
        link: () => cold('--o--#', { o: 'open' as const }, closedWith(1006, 'S3CRET')),
        answer: (message: Message) =>
          message.event === 'phx_join'
            ? of(message.topic === 'b' ? errorTo(message, secret) : okTo(message, secret))
            : NEVER,
      }),
      {
        params: secret,
        authToken: () => 'S3CRET',
        rejoin: () => 1,
        pause: throwError(() => new Error('S3CRET')),
      },
    )

    expect(taken.flatMap(({ channels }) => channels.map(({ state }) => state.status))).toEqual(
      expect.arrayContaining(['waiting', 'joined', 'errored']),
    )
    for (const each of taken) {
      const text = JSON.stringify(each)
      expect(JSON.parse(text)).toEqual(each)
      expect(text).not.toContain('S3CRET')
    }
  })
})
