import {
  concat,
  firstValueFrom,
  ignoreElements,
  lastValueFrom,
  NEVER,
  type Observable,
  of,
  throwError,
} from 'rxjs'
import { WebSocket } from 'ws'
import {
  ConnectionClosed,
  ConnectionRefused,
  type Message,
  phoenixSocket,
  probeRefusal,
  type SocketOptions,
  stopAfterRefusals,
  type TraceEvent,
  type WebSocketConstructor,
  webSocketTransport,
  traceTo,
} from '../../lib/index.ts'
import { accept, ok, phoenixServer, type PhoenixServer, refuse } from '../../lib/server/index.ts'
import { crashed, errorTo, fakePhoenix, type FakePhoenixOptions, okTo } from '../../lib/testing/index.ts'
import { expectNoSecret, SECRET } from '../support/no-secret.ts'

const credentials: SocketOptions = {
  authToken: SECRET,
  params: { token: SECRET },
  reconnect: () => 'stop',
  rejoin: () => 'stop',
}

/** The error of a stream on a fake server, after everything that was traced has been looked through. */
const failureOn = async (
  fake: FakePhoenixOptions,
  options: SocketOptions,
  made: (socket: ReturnType<typeof phoenixSocket>) => Observable<unknown>,
): Promise<unknown> => {
  const traced: TraceEvent[] = []
  const socket = phoenixSocket(`ws://user:${SECRET}@localhost/socket?key=${SECRET}`, {
    ...credentials,
    transport: fakePhoenix(fake).transport,
    trace: traceTo((event) => traced.push(event)),
    ...options,
  })
  const error = await firstValueFrom(made(socket)).catch((each: unknown) => each)
  expect(traced.length).toBeGreaterThan(0)
  expectNoSecret(traced)
  return error
}

const join = (socket: ReturnType<typeof phoenixSocket>): Observable<unknown> =>
  socket.channel('room', { params: { token: SECRET }, joinTimeoutMs: 5 }).on('news')
const push = (socket: ReturnType<typeof phoenixSocket>): Observable<unknown> =>
  socket.channel('room', { params: { token: SECRET } }).push('say', { password: SECRET }, { timeoutMs: 5 })

const onJoin =
  (answer: (message: Message) => Observable<Message>) =>
  (message: Message): Observable<Message> =>
    message.event === 'phx_join' ? answer(message) : NEVER
const onPush =
  (answer: (message: Message) => Observable<Message>) =>
  (message: Message): Observable<Message> =>
    message.event === 'say' ? answer(message) : of(okTo(message))
const refusal = new ConnectionRefused({ status: 403 })
const closed = new ConnectionClosed({ code: 1011, reason: 'bye', wasClean: true })

describe('no secret appears in an error or a trace', () => {
  it.each<[string, FakePhoenixOptions, SocketOptions, typeof join]>([
    ['ConnectionRefused', { link: () => throwError(() => refusal) }, {}, join],
    ['ConnectionFailed', { link: () => throwError(() => new Error('away')) }, {}, join],
    [
      'ConnectionClosed',
      {
        link: () =>
          concat(
            of('open' as const),
            throwError(() => closed),
          ),
      },
      {},
      join,
    ],
    ['ConnectTimeout', { link: () => NEVER }, { connectTimeoutMs: 5 }, join],
    [
      'HeartbeatTimeout',
      { answer: () => NEVER },
      { heartbeatIntervalMs: 5 },
      (socket) => socket.pipe(ignoreElements()),
    ],
    [
      'Unauthorized',
      { link: () => throwError(() => refusal) },
      { reconnect: stopAfterRefusals(1)(() => 0) },
      join,
    ],
    ['InputFailed', {}, { authToken: () => throwError(() => new Error('no')) }, join],
    ['JoinRefused', { answer: onJoin((message) => of(errorTo(message, { reason: 'no' }))) }, {}, join],
    [
      'TooManyChannels',
      { answer: onJoin((message) => of(errorTo(message, { reason: 'too many channels joined' }))) },
      {},
      join,
    ],
    ['JoinTimeout', { answer: () => NEVER }, {}, join],
    ['ChannelCrashed', { answer: onPush(({ joinRef }) => of(crashed('room', joinRef ?? ''))) }, {}, push],
    ['PushRefused', { answer: onPush((message) => of(errorTo(message))) }, {}, push],
    ['PushTimeout', { answer: onPush(() => NEVER) }, {}, push],
    ['InvalidPayload', {}, {}, (socket) => socket.channel('room').push('say', { password: SECRET, big: 1n })],
  ])('shows no credentials in %s', async (tag, fake, options, made) => {
    const error = await failureOn(fake, options, made)
    expect(error).toMatchObject({ _tag: tag })
    expectNoSecret(error)
  })

  it('shows no credentials in AlreadyJoined', async () => {
    const socket = phoenixSocket('ws://localhost/socket', {
      ...credentials,
      transport: fakePhoenix().transport,
    })
    const held = socket.channel('room', { params: { token: SECRET } }).subscribe()
    const error = await firstValueFrom(socket.channel('room', { params: { token: `${SECRET}2` } })).catch(
      (each: unknown) => each,
    )
    held.unsubscribe()
    expect(error).toMatchObject({ _tag: 'AlreadyJoined' })
    expectNoSecret(error)
  })

  it.each<[string, () => unknown]>([
    ['a url', () => phoenixSocket(`ftp://user:${SECRET}@host/socket?key=${SECRET}`)],
    ['a token that cannot travel', () => phoenixSocket('ws://host', { authToken: `${SECRET}???` })],
    ['params', () => phoenixSocket('ws://host', { params: { token: SECRET, n: Symbol(SECRET) as never } })],
  ])('shows no credentials in InvalidArgument for %s', (_case, act) => {
    const thrown = (() => {
      try {
        return act()
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toMatchObject({ _tag: 'InvalidArgument' })
    expectNoSecret(thrown)
  })
})

describe('no secret appears in an error of a real connection, or in its address', () => {
  let server: PhoenixServer | undefined
  afterEach(async () => {
    await server?.close()
  })

  it.each(['node', 'browser', 'browser with a probe'])('on %s', async (platform) => {
    const urls: string[] = []
    server = await phoenixServer({
      sockets: {
        '/socket': {
          authToken: true,
          longpoll: true,
          connect: ({ params }) =>
            params['user'] === 'ann' ? accept() : refuse({ status: 403, body: 'no' }),
          channels: { room: { handleIn: () => ok({}) } },
        },
      },
      trace: () => undefined,
    })
    const base = webSocketTransport(
      platform === 'node' ? {} : { WebSocket: WebSocket as unknown as WebSocketConstructor },
    )
    const fetch = (url: string, init: RequestInit): Promise<Response> => {
      urls.push(url)
      return globalThis.fetch(url, init)
    }
    const transport = platform === 'browser with a probe' ? probeRefusal(base, { fetch }) : base
    const failed = await lastValueFrom(
      phoenixSocket(`${server.url}/socket`, { authToken: SECRET, transport, reconnect: () => 'stop' }),
    ).catch((error: unknown) => error)
    expect(failed).toMatchObject({ _tag: platform === 'browser' ? 'ConnectionFailed' : 'ConnectionRefused' })
    expectNoSecret(failed)
    expect(urls).toHaveLength(platform === 'browser with a probe' ? 1 : 0)
    expectNoSecret(urls)
  })
})
