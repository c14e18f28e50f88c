import { filter, map, mergeMap, NEVER, type Observable, throwError, timer } from 'rxjs'
import {
  type ConnectionClosed,
  type ConnectionState,
  longPollTransport,
  phoenixSocket,
  type SocketOptions,
} from '../../lib/index.ts'
import { errorLike } from '../support/channel.ts'
import { type FakeFetch, fakeFetch, type Said } from '../support/fake-fetch.ts'
import { letters, run } from '../support/run.ts'
import { after, NONE, OPENED, TAKEN, told } from './support.ts'

const values = { ...letters, G: 'GET', P: 'POST', g: '-GET', p: '-POST' }

/** A socket over a long-poll transport. It waits 3 ms after each failure. */
const socketOn = (
  answers: readonly Observable<Said>[],
  options: SocketOptions = {},
  posts: () => Observable<Said> = () => after(1, TAKEN),
): FakeFetch & { readonly socket: ReturnType<typeof phoenixSocket> } => {
  const fake = fakeFetch(({ method }, index) => (method === 'GET' ? (answers[index] ?? NEVER) : posts()))
  const transport = longPollTransport({ fetch: fake.fetch })
  return {
    ...fake,
    socket: phoenixSocket('ws://localhost/socket', { transport, reconnect: () => 3, ...options }),
  }
}

const failsAfter = (ms: number): Observable<Said> =>
  timer(ms).pipe(mergeMap(() => throwError(() => new TypeError('away'))))
/** The attempt and the code of what ended a connection, or the status. */
const causeOf = (state: ConnectionState): string =>
  state.status === 'waiting' ? `${state.attempt}: ${(state.cause as ConnectionClosed).code}` : state.status

describe('a socket over long polling', () => {
  it('comes back by its policy, with another session, after a 500, a lost session and a failed network', () => {
    run(({ expectObservable }) => {
      const { socket, log$, open } = socketOn([
        after(1, OPENED),
        after(1, { http: 500 }),
        after(1, OPENED),
        after(1, OPENED),
        after(1, OPENED),
        failsAfter(1),
        after(1, OPENED),
      ])

      expectObservable(socket.pipe(map(causeOf)), '^-----------------!').toBe('cox--coy--coz--co', {
        ...values,
        x: '1: 1011',
        y: '2: 3410',
        z: '3: 1006',
      })
      expectObservable(log$).toBe('GG---GG---GG---GG-g', values)
      expectObservable(timer(20).pipe(map(open))).toBe('20ms (0|)', { 0: 0 })
    })
  })

  it('reports a refusal with its status, and a policy may stop at it', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn([after(1, { status: 403 })], { reconnect: () => 'stop' })

      expectObservable(socket.pipe(map(causeOf))).toBe(
        'c#',
        values,
        errorLike('ConnectionRefused', { status: 403 }),
      )
    })
  })

  it('sends no heartbeats, and has proved itself when it has stood for an interval', () => {
    run(({ expectObservable }) => {
      const { socket, log$ } = socketOn(
        [
          failsAfter(1),
          after(1, OPENED),
          after(3, NONE),
          after(1, OPENED),
          after(1, OPENED),
          after(8, NONE),
          after(1, OPENED),
          after(1, OPENED),
        ],
        { heartbeatIntervalMs: 5 },
      )

      // Two polls are answered within 5 ms: then it is the second failure in a row. The next stands longer.
      expectObservable(socket.pipe(map(causeOf)), '^---------------------------!').toBe(
        'cx--co---y--co--------z--co',
        {
          ...values,
          x: '1: undefined',
          y: '2: 3410',
          z: '1: 3410',
        },
      )
      expectObservable(log$.pipe(filter((word) => word.includes('POST')))).toBe('')
    })
  })

  it('is probed with a heartbeat when it is woken up', () => {
    run(({ hot, expectObservable }) => {
      const reply = '[null,"1","phoenix","phx_reply",{"status":"ok","response":{}}]'
      const { socket, asked$ } = socketOn([after(1, OPENED), after(6, told(reply))], { wake: hot('---w') })

      expectObservable(socket.latency$, '^--------!').toBe('-------l', { l: 4 })
      expectObservable(
        asked$.pipe(
          filter(({ method }) => method === 'POST'),
          map(({ body }) => body),
        ),
      ).toBe('---h', { h: '[null,"1","phoenix","heartbeat",{}]' })
    })
  })

  it('joins, pushes, hears the reply with a poll, and leaves behind nothing that waits', () => {
    run(({ expectObservable }) => {
      const join = '["1","1","room:a","phx_reply",{"status":"ok","response":{}}]'
      const reply = '["1","2","room:a","phx_reply",{"status":"ok","response":{"n":1}}]'
      const { socket, asked$, open } = socketOn([
        after(1, OPENED),
        after(3, told(join)),
        after(4, told(reply)),
      ])
      const bodies$ = asked$.pipe(map(({ method, body }) => (method === 'GET' ? method : body)))

      expectObservable(socket.channel('room:a').push('echo', { n: 1 })).toBe('--------(r|)', { r: { n: 1 } })
      expectObservable(bodies$.pipe(filter((body) => body !== 'GET'))).toBe('-j--p---l', {
        j: '["1","1","room:a","phx_join",{}]',
        p: '["1","2","room:a","echo",{"n":1}]',
        l: '["1","3","room:a","phx_leave",{}]',
      })
      expectObservable(timer(20).pipe(map(open))).toBe('20ms (0|)', { 0: 0 })
    })
  })
})
