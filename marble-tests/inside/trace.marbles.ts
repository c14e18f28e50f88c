import { merge, NEVER, type Observable, of } from 'rxjs'
import { type Message, type SocketOptions, type TraceEvent, traceTo } from '../../lib/index.ts'
import {
  answerOk,
  errorTo,
  type FakePhoenixOptions,
  type MarbleHelpers,
  okTo,
  pushed,
} from '../../lib/testing/index.ts'
import { run } from '../support/run.ts'
import { closedWith, inOrder, socketOn } from '../support/socket.ts'

type Use = (socket: ReturnType<typeof socketOn>['socket'], helpers: MarbleHelpers) => void

/** Uses a socket in virtual time, and gives what its trace is told: the time, and what in a few words. */
const traced = (
  use: Use,
  fake: (helpers: MarbleHelpers) => FakePhoenixOptions = () => ({}),
  options: SocketOptions = {},
): string[] => {
  const told: string[] = []
  run((helpers) => {
    const { socket } = socketOn(fake(helpers), {
      heartbeatIntervalMs: 0,
      trace: traceTo((event) => told.push(`${event.atMs} ${words(event)}`)),
      ...options,
    })
    use(socket, helpers)
  })
  return told
}

const words = (event: TraceEvent): string => {
  switch (event.type) {
    case 'connection':
      return `connection ${event.state.status}${event.cause ? ` ${event.cause._tag}` : ''}`
    case 'channel':
      return `${event.topic} ${event.state.status}${event.state.cause ? ` ${event.state.cause}` : ''}`
    case 'frame-in':
    case 'frame-out':
      return `${event.type === 'frame-in' ? '<-' : '->'}${event.connectionId} ${event.message?.event ?? '?'}`
    case 'dropped':
      return `dropped ${event.message.event}`
    case 'decode-failed':
    case 'input-failed':
      return event.type
    default: {
      const what = event.type === 'push' ? `push ${event.event}` : event.type
      const end = event.step === 'end' ? `${event.outcome} in ${event.latencyMs}` : event.step
      return `${event.id} ${what} ${end}`
    }
  }
}

const only = (told: readonly string[], ...parts: string[]): string[] =>
  told.filter((line) => parts.some((part) => line.includes(part)))

describe('the trace', () => {
  it('emits in order what happens, when, and how long it took', () => {
    const link = '  --o-'
    const joined = '   ---j'
    const reply = '      ----r'
    const pushing = '  ^--------#'
    const told = traced(
      (socket, { expectObservable }) => {
        const refused = expect.objectContaining({ _tag: 'PushRefused' }) as unknown
        expectObservable(socket.channel('a').push('hi')).toBe(pushing.replace('^', '-'), {}, refused)
      },
      ({ cold }) => ({
        link: () => merge(cold(link, { o: 'open' as const }), NEVER),
        answer: (message) => {
          if (message.event === 'phx_join') return cold(joined.trim(), { j: okTo(message) })
          return message.event === 'hi' ? cold(reply.trim(), { r: errorTo(message, {}) }) : answerOk(message)
        },
      }),
    )

    expect(told).toEqual([
      '0 1 push hi start',
      '0 connection connecting',
      '0 a waiting',
      '2 connection open',
      '2 a joining',
      '2 2 join start',
      '2 ->1 phx_join',
      '5 <-1 phx_reply',
      '5 2 join ok in 3',
      '5 a joined',
      '5 1 push hi sending',
      '5 ->1 hi',
      '9 <-1 phx_reply',
      '9 1 push hi PushRefused in 9',
      '9 ->1 phx_leave',
      '9 <-1 phx_reply',
      '9 <-1 phx_close',
      '9 a idle',
      '9 connection idle',
    ])
  })

  it('emits every way in which a push can end', () => {
    const link = '-o-------#'
    const told = traced(
      (socket, { expectObservable }) => {
        const a = socket.channel('a')
        const error = (_tag: string): unknown => expect.objectContaining({ _tag })

        expectObservable(a.push('ok')).toBe('-(r|)', { r: {} })
        expectObservable(a.send('send')).toBe('-|')
        expectObservable(a.push('slow', {}, { timeoutMs: 4 })).toBe('----#', {}, error('PushTimeout'))
        expectObservable(a.push('given up'), '^--!').toBe('')
        expectObservable(a.push('bad', new Map())).toBe('#', {}, error('InvalidPayload'))
        expectObservable(a.push('late'), '--^').toBe('---------#', {}, error('ConnectionLost'))
        expectObservable(a.on('news'), '^-----------------!').toBe('')
      },
      ({ cold }) => ({
        link: inOrder(cold(link, { o: 'open' as const }, closedWith(1006)), NEVER),
        answer: (message) => (['phx_join', 'ok'].includes(message.event) ? answerOk(message) : NEVER),
      }),
    )

    expect(only(told, ' push ').filter((line) => !/start|sending/.test(line))).toEqual([
      '0 5 push bad InvalidPayload in 0',
      '1 1 push ok ok in 1',
      '1 2 push send sent in 1',
      '3 4 push given up abandoned in 3',
      '4 3 push slow PushTimeout in 4',
      '9 7 push late ConnectionLost in 7',
    ])
  })

  it('emits every way in which a join can end, and why a channel is retried or ends', () => {
    const told = traced(
      (socket, { expectObservable }) => {
        const refused = expect.objectContaining({ _tag: 'JoinRefused' }) as unknown
        expectObservable(socket.channel('refused').on('news')).toBe('-#', {}, refused)
        expectObservable(socket.channel('slow', { joinTimeoutMs: 3 }).on('news'), '^-----!').toBe('')
        expectObservable(socket.channel('a').on('news'), '^-------!').toBe('')
      },
      ({ cold }) => ({
        link: () => merge(cold('-o', { o: 'open' as const }), NEVER),
        answer: (message) => {
          if (message.topic === 'slow') return NEVER
          return message.topic === 'refused' ? of(errorTo(message, {})) : answerOk(message)
        },
      }),
      { rejoin: ({ _tag }) => (_tag === 'JoinRefused' ? 'stop' : 1) },
    )

    expect(only(told, ' join ', 'refused', 'slow')).toEqual([
      '0 refused waiting',
      '0 slow waiting',
      '1 refused joining',
      '1 slow joining',
      '1 1 join start',
      '1 2 join start',
      '1 3 join start',
      '1 1 join JoinRefused in 0',
      '1 refused idle JoinRefused',
      '1 3 join ok in 0',
      '4 2 join JoinTimeout in 3',
      '4 slow errored JoinTimeout',
      '5 slow joining',
      '5 4 join start',
      '6 4 join abandoned in 1',
      '6 slow idle',
    ])
  })

  it('emits heartbeats: their round trip, and those that were missed', () => {
    const told = traced(
      (socket, { expectObservable }) => {
        expectObservable(socket.channel('a').on('news'), '^----------------------!').toBe('')
      },
      ({ cold }) => {
        let beats = 0
        const answer = (message: Message): Observable<Message> => {
          if (message.event !== 'heartbeat') return answerOk(message)
          return (beats += 1) === 1 ? cold('-r', { r: okTo(message) }) : NEVER
        }
        return { answer }
      },
      { heartbeatIntervalMs: 5 },
    )

    expect(only(told, 'heartbeat', 'waiting')).toEqual([
      '0 a waiting',
      '5 2 heartbeat start',
      '5 ->1 heartbeat',
      '6 2 heartbeat ok in 1',
      '11 3 heartbeat start',
      '11 ->1 heartbeat',
      '16 3 heartbeat HeartbeatTimeout in 5',
      '16 connection waiting',
      '16 a waiting',
    ])
  })

  it('emits why a connection is idle after a policy stopped', () => {
    const told = traced(
      (socket, { expectObservable }) => {
        const lost = expect.objectContaining({ _tag: 'ConnectionClosed' }) as unknown
        expectObservable(socket.channel('a').on('news')).toBe('--#', {}, lost)
      },
      ({ cold }) => ({ link: () => cold('o-#', { o: 'open' as const }, closedWith(1006)) }),
      { reconnect: () => 'stop' },
    )
    expect(only(told, 'idle')).toEqual(['2 connection idle ConnectionClosed', '2 a idle ConnectionClosed'])
  })

  it('emits what is dropped and what cannot be decoded, after its frame', () => {
    const told = traced(
      (socket, { expectObservable }) => {
        expectObservable(socket.channel('a').on('news'), '^-----!').toBe('')
      },
      ({ cold }) => ({
        link: () =>
          cold('o-g-s', { o: 'open' as const, g: { raw: 'garbage' }, s: pushed('a', 'stale', 'news') }),
      }),
    )
    expect(told.filter((line) => /^[24]/.test(line))).toEqual([
      '2 <-1 ?',
      '2 decode-failed',
      '4 <-1 news',
      '4 dropped news',
    ])
  })
})
