import { firstValueFrom, merge, NEVER, type Observable, of, Subject } from 'rxjs'
import {
  inspect,
  type ChannelState,
  ConnectionClosed,
  type ConnectionState,
  longPollTransport,
  type Message,
  type PhoenixSocket,
  phoenixSocket,
  presence,
  type TraceEvent,
  traceTo,
} from '../../lib/index.ts'
import { answerOk, closed, fakePhoenix } from '../../lib/testing/index.ts'
import { expectNoSecret, SECRET } from '../support/no-secret.ts'

const URL = `ws://user:${SECRET}@localhost/socket?key=${SECRET}`
const params = { token: SECRET }

/** A socket that holds secrets wherever one can hold them, and what the server does to it. */
const busy = () => {
  const raw$ = new Subject<{ readonly raw: string }>()
  const loss$ = new Subject<never>()
  const traced: TraceEvent[] = []
  const states: ConnectionState[] = []
  const channelStates: ChannelState[] = []
  const errors: unknown[] = []
  const server = fakePhoenix({
    link: () => merge(of('open' as const), raw$, loss$),
    answer: (message: Message): Observable<Message> => {
      if (message.topic === 'slow' || message.event === 'say') return NEVER
      return message.event === 'end' ? of(closed('room', message.joinRef ?? '')) : answerOk(message)
    },
  })
  const socket = phoenixSocket(URL, {
    authToken: SECRET,
    params: () => params,
    transport: server.transport,
    joinsInFlight: 1,
    reconnect: () => 60_000,
    trace: traceTo((event) => traced.push(event)),
  })
  const room = socket.channel('room', { params })
  presence(room)
  const fail = { error: (error: unknown) => errors.push(error) }
  const held = [
    socket.subscribe((state) => states.push(state)),
    room.subscribe((state) => channelStates.push(state)),
    socket.channel('slow', { params: of(params) }).subscribe(),
    socket.channel('waits for its turn', { params: () => params }).subscribe(),
    room.push('say', { password: SECRET }).subscribe(fail),
  ]
  return {
    socket,
    room,
    states,
    channelStates,
    errors,
    traced,
    raw$,
    loss$,
    end: () => {
      for (const each of held) each.unsubscribe()
    },
  }
}

const everythingOf = ({ socket, states, channelStates, traced }: ReturnType<typeof busy>): unknown[] => [
  socket,
  socket.state,
  inspect(socket),
  socket.channel('room', { params }),
  socket.channel('room').state,
  states,
  channelStates,
  traced,
]

describe('no secret appears in a state, however deep one looks:', () => {
  it('of an open connection with joins, pushes and what waits for its turn', () => {
    const client = busy()
    expect(client.states.map(({ status }) => status)).toEqual(['connecting', 'open'])
    expect(inspect(client.socket).channels).toHaveLength(3)
    everythingOf(client).forEach(expectNoSecret)
    client.end()
  })

  it('of a lost connection, nor in the ConnectionLost of its pushes', () => {
    const client = busy()
    client.loss$.error(new ConnectionClosed({ code: 1011, reason: 'away', wasClean: true }))
    expect(client.socket.state.status).toBe('waiting')
    expect(client.errors).toMatchObject([{ _tag: 'ConnectionLost', sent: true }])
    everythingOf(client).forEach(expectNoSecret)
    client.errors.forEach(expectNoSecret)
    client.end()
  })

  it('of a closed channel, nor in the ChannelClosed of its pushes', () => {
    const client = busy()
    client.room.send('end', { password: SECRET }).subscribe({ error: () => undefined })
    expect(client.channelStates.map(({ status }) => status)).toContain('closed')
    expect(client.errors).toMatchObject([{ _tag: 'ChannelClosed', sent: true }])
    everythingOf(client).forEach(expectNoSecret)
    client.errors.forEach(expectNoSecret)
    client.end()
  })

  it.each([
    ['a frame cut short', `["1","2","room","news",{"token":"${SECRET}`],
    ['a frame of another form', `{"token":"${SECRET}"}`],
    ['an array that is not a message', `[{"password":"${SECRET}"}]`],
  ])('nor in DecodeFailed for %s', (_case, raw) => {
    const client = busy()
    client.raw$.next({ raw })
    const failed = client.traced.filter(({ type }) => type === 'decode-failed')
    expect(failed).toHaveLength(1)
    failed.forEach(expectNoSecret)
    client.end()
  })
})

describe('an address with user and password', () => {
  it('does not appear in the error of a long poll, which cannot carry it', async () => {
    const socket: PhoenixSocket = phoenixSocket(URL.replace('localhost', 'localhost:1'), {
      params,
      transport: longPollTransport(),
      reconnect: () => 'stop',
    })
    const error: unknown = await firstValueFrom(socket.channel('room')).catch((each: unknown) => each)
    const failed = await new Promise((resolve) => {
      socket.subscribe({ error: resolve })
    })
    for (const each of [error, failed]) expectNoSecret(each)
    expect(failed).toMatchObject({ _tag: 'InputFailed', input: 'url' })
    expect((failed as { cause: Error }).cause.message).toContain('header "authorization"')
  })
})
