import { map, noop, type Observable, of, throwError } from 'rxjs'
import {
  ConnectionClosed,
  type ConnectionError,
  ConnectionFailed,
  ConnectionRefused,
  phoenixSocket,
  type ProbeOptions,
  probeRefusal,
  type ProbeResponse,
  type SocketOptions,
  stopAfterRefusals,
} from '../../lib/index.ts'
import { fakeClock, fakePhoenix } from '../../lib/testing/index.ts'
import { notedDelays } from '../support/noted-delays.ts'
import { run } from '../support/run.ts'

const URL = 'ws://localhost/socket'
/** What a browser says of a WebSocket that did not open. */
const anonymous = new ConnectionFailed('it may be anything', { code: 1006 })

/** A Promise in virtual time. */
const promised = <A>(value$: Observable<A>): PromiseLike<A> => ({
  then: ((resolve: (value: A) => void, reject: (reason: unknown) => void) => {
    value$.subscribe({ next: resolve, error: reject })
    return { then: noop }
  }) as PromiseLike<A>['then'],
})

const answered = (status: number, body = '', headers: Record<string, string> = {}): ProbeResponse => ({
  status,
  headers: new Headers(headers),
  text: () => promised(of(body)) as Promise<string>,
})

interface Asked {
  readonly url: string
  readonly init: RequestInit
}

/** A socket whose WebSockets never open, and what its probes ask. It waits 2 ms after each failure. */
const probing = (
  link$: Observable<'open'>,
  answer: () => Observable<ProbeResponse>,
  { probe = {}, ...options }: SocketOptions & { probe?: ProbeOptions } = {},
) => {
  const asked: Asked[] = []
  const fake = fakePhoenix({ link: () => link$ })
  const fetch = (url: string, init: RequestInit): PromiseLike<ProbeResponse> => {
    asked.push({ url, init })
    return promised(answer())
  }
  const transport = probeRefusal(fake.transport, { fetch, ...probe })
  const socket = phoenixSocket(URL, { transport, reconnect: () => 2, ...options })
  return { asked, socket, words$: socket.pipe(map((state) => shortly(state))) }
}

/** `c`, `o`, or why the attempt failed. */
const shortly = (state: { readonly status: string; readonly cause?: ConnectionError }): string => {
  const { cause } = state
  if (!cause) return state.status.charAt(0)
  return cause._tag === 'ConnectionRefused' ? String(cause.status) : cause._tag
}

const values = { c: 'c', r: '403', f: 'ConnectionFailed' }

describe('probeRefusal', () => {
  it('reports a refusal by its status, once the probe is answered', () => {
    run(({ cold, expectObservable, flush }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const answer = cold('     --a', { a: answered(403) })
      const held = '            ^-----!'
      const states = '          c--r-c'
      const { asked, words$ } = probing(link, () => answer, { params: { a: 1 } })

      expectObservable(words$, held).toBe(states, values)
      flush()
      expect(asked.map(({ url }) => url)).toEqual(['http://localhost/socket/websocket?a=1&vsn=2.0.0'])
      expect(asked[0]?.init).toMatchObject({ cache: 'no-store', redirect: 'manual' })
    })
  })

  it.each<[string, () => Observable<ProbeResponse>]>([
    ['nothing answers', () => throwError(() => new TypeError('Failed to fetch'))],
    ['the answer may not be read', () => throwError(() => new TypeError('CORS'))],
    [
      'fetch throws',
      () => {
        throw new Error('a bug in it')
      },
    ],
    ['connect accepts, so that only the upgrade is missing', () => of(answered(400))],
    ['an upgrade is required', () => of(answered(426))],
    ['a page answers', () => of(answered(200, '<html>'))],
    ['the answer leads elsewhere', () => of(answered(302))],
    ['a browser hides where it leads', () => of(answered(0))],
  ])('leaves the failure as it was when %s', (_case, answer) => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const { socket } = probing(link, answer, { reconnect: () => 'stop' })

      expectObservable(socket.pipe(map(() => 'c'))).toBe('c#', values, anonymous)
    })
  })

  it.each([401, 403, 404, 429, 500, 503])('takes status %i for a refusal', (status) => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const answer = answered(status, '', { 'retry-after': '7' })
      const { socket } = probing(link, () => of(answer), { reconnect: () => 'stop' })

      const refusal = new ConnectionRefused({ status, retryAfterMs: 7000 })
      expectObservable(socket.pipe(map(() => 'c'))).toBe('c#', values, refusal)
    })
  })

  it('asks once in everyMs and reuses the answer meanwhile', () => {
    run(({ cold, expectObservable, flush }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const held = '            ^----------!'
      const states = '          cr-cr-cr-cf'
      const answers = [answered(403), answered(400)]
      const { asked, words$ } = probing(link, () => of(answers.shift() ?? answered(500)), {
        probe: { everyMs: 8 },
      })

      expectObservable(words$, held).toBe(states, values)
      flush()
      expect(asked).toHaveLength(2)
    })
  })

  it('asks again when the clock was set back, and does not wait until it catches up', () => {
    run(({ cold, expectObservable, flush }, scheduler) => {
      const clock = fakeClock(scheduler)
      const link = cold<'open'>('-#', {}, anonymous)
      const held = '            ^-------!'
      const states = '          cr-cf-cf'
      const answers = [answered(403), answered(400)]
      const { asked, words$ } = probing(link, () => of(answers.shift() ?? answered(500)), {
        probe: { everyMs: 100, scheduler: clock },
      })
      cold('--j').subscribe(() => {
        clock.jump(-3_600_000)
      })

      expectObservable(words$, held).toBe(states, values)
      flush()
      expect(asked).toHaveLength(2)
    })
  })

  it('lets an attempt with another token pass unprobed until it may ask again', () => {
    run(({ cold, expectObservable, flush }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const held = '            ^----------!'
      const states = '          cr-cf-cf-cr'
      const { asked, words$ } = probing(link, () => of(answered(200, '{"status":403}')), {
        authToken: (attempt) => `token${attempt}`,
        probe: { everyMs: 8 },
      })

      expectObservable(words$, held).toBe(states, values)
      flush()
      expect(asked.map(({ init }) => init.headers)).toEqual([
        { 'x-phoenix-authtoken': 'token0' },
        { 'x-phoenix-authtoken': 'token3' },
      ])
    })
  })

  it('asks once for several connections that fail together', () => {
    run(({ cold, expectObservable, flush }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const answer = cold('     --a', { a: answered(403) })
      const { asked, socket } = probing(link, () => answer, {
        channelsPerConnection: 1,
        reconnect: () => 'stop',
      })

      for (const topic of ['a', 'b', 'c'])
        expectObservable(socket.channel(topic).on('news')).toBe(
          '---#',
          {},
          new ConnectionRefused({ status: 403 }),
        )
      flush()
      expect(asked).toHaveLength(1)
    })
  })

  it('aborts the request when the attempt is given up, which has then said nothing', () => {
    run(({ cold, expectObservable, flush }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const answer = cold('     --a', { a: answered(403) })
      const first = '           ^-!'
      const second = '          ---^---!'
      const { asked, words$ } = probing(link, () => answer)

      expectObservable(words$, first).toBe('c', values)
      expectObservable(words$, second).toBe('---cf-c', values)
      flush()
      expect(asked.map(({ init }) => init.signal?.aborted)).toEqual([true])
    })
  })

  it('waits for an answer for timeoutMs', () => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const answer = cold<ProbeResponse>('-')
      const states = '          c----f-c'
      const { words$ } = probing(link, () => answer, { probe: { timeoutMs: 4 } })

      expectObservable(words$, '^-------!').toBe(states, values)
    })
  })

  it.each([
    [Infinity, []],
    [2_592_000_000, [2_147_483_647]],
  ])('sets no timer that fires too early for a timeoutMs of %p', (timeoutMs, delays) => {
    const scheduler = notedDelays()
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const answer = cold('     --a', { a: answered(403) })
      const { words$ } = probing(link, () => answer, { probe: { timeoutMs, scheduler } })

      expectObservable(words$, '^---!').toBe('c--r', values)
    })
    expect(scheduler.delays).toEqual(delays)
  })

  it.each<[string, ConnectionError]>([
    ['a refusal that is seen', new ConnectionRefused({ status: 401 })],
    ['a connection that was open', new ConnectionClosed({ code: 1006, reason: '', wasClean: false })],
    ['a failure of which it is known why', new ConnectionFailed('away', { cause: new Error('ENOTFOUND') })],
  ])('does not ask after %s', (_case, cause) => {
    run(({ cold, expectObservable, flush }) => {
      const link = cold<'open'>('-#', {}, cause)
      const { asked, socket } = probing(link, () => of(answered(403)), { reconnect: () => 'stop' })

      expectObservable(socket.pipe(map(() => 'c'))).toBe('c#', values, cause)
      flush()
      expect(asked).toEqual([])
    })
  })

  it('lets stopAfterRefusals end the retries in a browser too, with one request', () => {
    run(({ cold, expectObservable, flush }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const states = '          cr-cr-c#'
      const { asked, words$ } = probing(link, () => of(answered(403)), {
        reconnect: stopAfterRefusals(3)(() => 2),
      })

      const error = expect.objectContaining({ _tag: 'Unauthorized', status: 403, attempts: 3 }) as unknown
      expectObservable(words$).toBe(states, values, error)
      flush()
      expect(asked).toHaveLength(1)
    })
  })

  it('lets stopAfterRefusals end a browser whose params are new at each attempt, too', () => {
    run(({ cold, expectObservable, flush }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      // Every other attempt may ask.
      const states = '          cr-cf-cr-cf-c#'
      const { asked, words$ } = probing(link, () => of(answered(403)), {
        params: (attempt) => ({ token: attempt }),
        probe: { everyMs: 5 },
        reconnect: stopAfterRefusals(3)(() => 2),
      })

      const error = expect.objectContaining({ _tag: 'Unauthorized', status: 403, attempts: 3 }) as unknown
      expectObservable(words$).toBe(states, values, error)
      flush()
      expect(asked).toHaveLength(3)
    })
  })
})

describe('probeRefusal with an auth token', () => {
  it('asks the long-poll endpoint, with the token in a header and not in the address', () => {
    run(({ cold, expectObservable, flush }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const { asked, words$ } = probing(link, () => of(answered(200, '{"status":403}')), { authToken: 'abc' })

      expectObservable(words$, '^-!').toBe('cr', values)
      flush()
      expect(asked.map(({ url }) => url)).toEqual(['http://localhost/socket/longpoll?vsn=2.0.0'])
      expect(asked[0]?.init.headers).toEqual({ 'x-phoenix-authtoken': 'abc' })
    })
  })

  it.each<[string, ProbeResponse, ProbeOptions['path']]>([
    ['a session was opened', answered(200, '{"status":410,"token":"t","messages":[]}'), 'longpoll'],
    ['the socket has no long polling', answered(404, '{"error":"not found"}'), 'longpoll'],
    ['something else answers', answered(200, '<html>'), 'longpoll'],
    ['there is no status', answered(200, '{}'), 'longpoll'],
    ['the WebSocket endpoint misses the token, which cannot travel there', answered(403), 'websocket'],
  ])('leaves the failure as it was when %s', (_case, answer, path) => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const { words$ } = probing(link, () => of(answer), {
        authToken: 'abc',
        probe: path === undefined ? {} : { path },
      })

      expectObservable(words$, '^-!').toBe('cf', values)
    })
  })

  it.each<[string, ProbeResponse, number]>([
    ['the status in the body', answered(200, '{"status":403}'), 403],
    ['the status of HTTP, if connect raised', answered(500, '{"errors":{}}'), 500],
    ['the status of a proxy', answered(429, 'slowly'), 429],
  ])('takes %s', (_case, answer, status) => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, anonymous)
      const { socket } = probing(link, () => of(answer), { authToken: 'abc', reconnect: () => 'stop' })

      expectObservable(socket.pipe(map(() => 'c'))).toBe('c#', values, new ConnectionRefused({ status }))
    })
  })
})
