import { fileURLToPath } from 'node:url'
import { BehaviorSubject, filter, firstValueFrom, map, take, toArray } from 'rxjs'
import {
  type Params,
  phoenixSocket,
  type RetryPolicy,
  stopAfter,
  type TraceEvent,
  traceTo,
} from '../../lib/index.ts'
import { runScript } from '../support/run-script.ts'
import { contractServer, type ContractServer, freshTopic, freshUser } from './support/server.ts'
import { soon } from './support/soon.ts'
import { errorOf, when } from './support/settled.ts'
import { ways } from './support/ways.ts'

const never: RetryPolicy = () => 'stop'

let server: ContractServer
beforeAll(async () => {
  server = await contractServer()
})
afterAll(() => server.close())

describe.each(ways)('S1, S2: cold and shared, over $over', ({ transport, mount }) => {
  it('connects once for all subscribers, and leaves and closes after the last', async () => {
    const topic = freshTopic()
    const trace: TraceEvent[] = []
    const socket = phoenixSocket(`${server.url}${mount}`, {
      transport,
      trace: traceTo((event) => trace.push(event)),
    })
    expect(socket.state).toEqual({ status: 'idle' })

    const first = socket.subscribe()
    const second = socket.channel(topic).subscribe()
    await when(socket.channel(topic), 'joined')
    expect(await server.ctl(`subscribers?topic=${topic}`)).toMatchObject({ count: 1 })
    first.unsubscribe()
    expect(socket.state.status).toBe('open')
    second.unsubscribe()

    expect(socket.state).toEqual({ status: 'idle' })
    expect(
      trace.filter((event) => event.type === 'connection' && event.state.status === 'open'),
    ).toHaveLength(1)
    await expectEventually(() => server.ctl(`subscribers?topic=${topic}`), { count: 0 })
  })

  it('connects, joins, pushes, gets the reply, leaves and closes for one push', async () => {
    const socket = phoenixSocket(`${server.url}${mount}`, { transport })
    expect(await firstValueFrom(socket.channel(freshTopic()).push('echo', { a: [1, 'é'] }))).toEqual({
      a: [1, 'é'],
    })
    expect(socket.state).toEqual({ status: 'idle' })
  })
})

describe.each(ways)('S2: a script over $over', ({ over, mount }) => {
  it('ends by itself after its push, and so does Node', async () => {
    const script = fileURLToPath(new URL('./support/one-shot.ts', import.meta.url))
    const { code, stdout, stderr } = await runScript(script, [`${server.url}${mount}`, over]).ended
    expect(stdout + stderr).toBe('{"from":"one-shot"}\n')
    expect(code).toBe(0)
  })
})

describe.each(ways)('S9: reconnecting over $over', ({ over, transport, mount, closeCode }) => {
  it.each([
    ['kill_socket', 1006],
    ['disconnect', 1001],
  ])('comes back after %s, and shows why it was lost', async (control, code) => {
    const user = freshUser()
    const socket = phoenixSocket(`${server.url}${mount}`, {
      transport,
      params: { user_id: user },
      reconnect: soon,
    })
    const states = firstValueFrom(socket.pipe(take(5), toArray()))
    await when(socket, 'open')
    await server.ctl(`${control}?user=${user}`)

    const [, , waiting, , open] = await states
    expect(waiting).toMatchObject({
      status: 'waiting',
      attempt: 1,
      retryInMs: 5,
      cause: { _tag: 'ConnectionClosed', code: closeCode(code) },
    })
    expect(open).toMatchObject({ status: 'open', attempt: 1 })
  })

  it('comes back after a drain (1012), and its channel is joined again', async () => {
    const topic = freshTopic()
    const channel = phoenixSocket(`${server.url}${mount}`, { transport, reconnect: soon }).channel(topic)
    const rejoined = firstValueFrom(
      channel.pipe(filter((state) => state.status === 'joined' && state.rejoined)),
    )
    await when(channel, 'joined')
    await server.ctl(`drain?topic=${topic}`)
    expect(await rejoined).toMatchObject({ status: 'joined', rejoined: true })
  })

  const refusals: [string, string, Params, object][] = [
    ['a connect that refuses', mount, { token: 'bad' }, { status: 403 }],
    ['a connect that raises', mount, { token: 'crash' }, { status: 500 }],
    ['a path without a socket', '/nowhere', {}, { status: 404 }],
  ]
  // Over WebSocket only, since the contract app mounts this socket without long polling.
  const small: typeof refusals = [
    [
      'a refusal with a body',
      '/socket_small',
      { token: 'bad' },
      { status: 401, body: '{"error":"unauthorized"}' },
    ],
    ['a rate limit', '/socket_small', { token: 'rate' }, { status: 429, retryAfterMs: 1000 }],
  ]
  it.each(over === 'WebSocket' ? [...refusals, ...small] : refusals)(
    'reports %s with the HTTP status (S12)',
    async (_case, path, params, facts) => {
      const socket = phoenixSocket(`${server.url}${path}`, { transport, params, reconnect: never })
      expect(await errorOf(socket.pipe(filter(({ status }) => status === 'open')))).toMatchObject({
        _tag: 'ConnectionRefused',
        ...facts,
      })
    },
  )

  it('gives up when the policy stops, with the last cause', async () => {
    const socket = phoenixSocket(`${server.url}/nowhere`, { transport, reconnect: stopAfter(2)(soon) })
    const states: string[] = []
    const error = await errorOf(
      socket.pipe(
        map(({ status }) => states.push(status)),
        filter(() => false),
      ),
    )
    expect(error).toMatchObject({ _tag: 'ConnectionRefused', status: 404 })
    expect(states).toEqual(['connecting', 'waiting', 'connecting', 'waiting', 'connecting'])
  })
})

// Over WebSocket only: long polling sends no heartbeats, and has no idle limit.
describe('S10: heartbeats', () => {
  it('measures the round trip', async () => {
    const socket = phoenixSocket(`${server.url}/socket`, { heartbeatIntervalMs: 20 })
    const [first, second] = await firstValueFrom(socket.latency$.pipe(take(2), toArray()))
    expect(first).toBeGreaterThanOrEqual(0)
    expect(second).toBeGreaterThanOrEqual(0)
    expect(await firstValueFrom(socket.ping())).toBeGreaterThanOrEqual(0)
  })

  it('abandons a server that stays silent, and reconnects', async () => {
    const user = freshUser()
    const socket = phoenixSocket(`${server.url}/socket`, {
      params: { user_id: user },
      heartbeatIntervalMs: 100,
      reconnect: soon,
    })
    const waiting = when(socket, 'waiting')
    await when(socket, 'open')
    const frozen = server.ctl(`freeze?user=${user}&ms=1000`)
    expect(await waiting).toMatchObject({ cause: { _tag: 'HeartbeatTimeout', timeoutMs: 100 } })
    await frozen
  })

  it('keeps a connection open that the server would close for being idle', async () => {
    const socket = phoenixSocket(`${server.url}/socket_short`, { heartbeatIntervalMs: 500, reconnect: never })
    // The idle limit is 2,000 ms: five heartbeats span more than that.
    expect(await firstValueFrom(socket.latency$.pipe(take(5), toArray()))).toHaveLength(5)
  })
})

describe.each(ways)('S10: latency over $over', ({ transport, mount }) => {
  it('can be asked for', async () => {
    const socket = phoenixSocket(`${server.url}${mount}`, { transport })
    expect(await firstValueFrom(socket.ping())).toBeGreaterThanOrEqual(0)
  })
})

describe.each(ways)('S11: inputs of each attempt, over $over', ({ transport, mount }) => {
  it('evaluates params and token again for each attempt', async () => {
    const user = freshUser()
    const tokens = ['first', 'second']
    const socket = phoenixSocket(`${server.url}${mount}`, {
      transport,
      params: (attempt) => ({ user_id: user, attempt }),
      authToken: () => Promise.resolve(tokens.shift() ?? 'none'),
      reconnect: soon,
    })
    const channel = socket.channel(freshTopic())
    const held = channel.subscribe()
    const before = await firstValueFrom(channel.push('whoami'))
    const rejoined = firstValueFrom(
      channel.pipe(filter((state) => state.status === 'joined' && state.rejoined)),
    )
    await server.ctl(`kill_socket?user=${user}`)
    await rejoined
    const after = await firstValueFrom(channel.push('whoami'))
    held.unsubscribe()

    expect(before).toMatchObject({ auth_token: 'first', params: { user_id: user, attempt: '0' } })
    expect(after).toMatchObject({ auth_token: 'second', params: { user_id: user, attempt: '1' } })
  })

  it('reconnects when a stream gives a new token', async () => {
    const token$ = new BehaviorSubject('one')
    const channel = phoenixSocket(`${server.url}${mount}`, { transport, authToken: token$ }).channel(
      freshTopic(),
    )
    const held = channel.subscribe()
    const before = await firstValueFrom(channel.push('whoami'))
    const rejoined = firstValueFrom(
      channel.pipe(filter((state) => state.status === 'joined' && state.rejoined)),
    )
    token$.next('two')
    await rejoined
    const after = await firstValueFrom(channel.push('whoami'))
    held.unsubscribe()

    expect(before).toMatchObject({ auth_token: 'one' })
    expect(after).toMatchObject({ auth_token: 'two' })
  })
})

/** Asks until the answer is as expected; the test's own time limit ends it otherwise. */
const expectEventually = async (ask: () => Promise<unknown>, expected: object): Promise<void> => {
  for (;;) {
    const answer = await ask()
    try {
      expect(answer).toMatchObject(expected)
      return
    } catch {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
