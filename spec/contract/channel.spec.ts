import { BehaviorSubject, filter, firstValueFrom, map, take, toArray } from 'rxjs'
import {
  type ChannelState,
  type PhoenixSocket,
  phoenixSocket,
  type TraceEvent,
  traceTo,
} from '../../lib/index.ts'
import { contractServer, type ContractServer, freshTopic, freshUser } from './support/server.ts'
import { soon } from './support/soon.ts'
import { errorOf, nextValues, when } from './support/settled.ts'
import { waysAndVersions } from './support/ways.ts'

let server: ContractServer
beforeAll(async () => {
  server = await contractServer()
})
afterAll(() => server.close())

const isRejoined = (state: ChannelState): boolean => state.status === 'joined' && state.rejoined

describe.each(waysAndVersions)('channels over $over, version $vsn', ({ vsn, transport, mount }) => {
  let trace: TraceEvent[]
  let user: string
  let socket: PhoenixSocket
  beforeEach(() => {
    trace = []
    user = freshUser()
    socket = phoenixSocket(`${server.url}${mount}`, {
      vsn,
      transport,
      params: { user_id: user },
      reconnect: soon,
      rejoin: (cause) => (cause._tag === 'JoinRefused' ? 'stop' : 5),
      trace: traceTo((event) => trace.push(event)),
    })
  })

  it('gives the reply of the join', async () => {
    const topic = freshTopic()
    expect(await when(socket.channel(topic), 'joined')).toMatchObject({
      response: { topic, user_id: user },
      rejoined: false,
    })
    expect(await when(socket.channel(freshTopic(), { params: { reply: { x: 1 } } }), 'joined')).toMatchObject(
      { response: { x: 1 } },
    )
    expect(await when(socket.channel(freshTopic(), { params: { noreply: true } }), 'joined')).toMatchObject({
      response: {},
    })
    expect(await when(socket.channel('plain'), 'joined')).toMatchObject({ status: 'joined' })
  })

  it.each([
    ['an object', { error: { reason: 'no entry' } }, { reason: 'no entry' }],
    ['a word', { error: 'nope' }, { reason: 'nope' }],
    ['a join that raises', { crash: true }, { reason: 'join crashed' }],
  ])('S8: errors with JoinRefused after %s', async (_case, params, response) => {
    expect(await errorOf(socket.channel(freshTopic(), { params }).on('news'))).toMatchObject({
      _tag: 'JoinRefused',
      response,
    })
  })

  it('S8: errors with JoinRefused for a topic that no channel handles', async () => {
    expect(await errorOf(socket.channel('nosuch:topic').messages$)).toMatchObject({
      _tag: 'JoinRefused',
      response: { reason: 'unmatched topic' },
    })
  })

  it('receives what the channel pushes right after the join, in order', async () => {
    const joined$ = socket.channel(freshTopic(), { params: { push_on_join: 3 } }).on('joined_push')
    expect(await nextValues(joined$, 3)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  it('S3: shares one join between handles, and rejects other options', async () => {
    const topic = freshTopic()
    const held = socket.channel(topic, { params: { reply: { x: 1 } } }).subscribe()
    expect(await when(socket.channel(topic), 'joined')).toMatchObject({ response: { x: 1 } })
    expect(await when(socket.channel(topic, { params: { reply: { x: 1 } } }), 'joined')).toMatchObject({
      response: { x: 1 },
    })
    expect(await errorOf(socket.channel(topic, { params: { reply: { x: 2 } } }))).toMatchObject({
      _tag: 'AlreadyJoined',
      topic,
    })
    held.unsubscribe()
    expect(await when(socket.channel(topic, { params: { reply: { x: 2 } } }), 'joined')).toMatchObject({
      response: { x: 2 },
    })
    expect(await server.ctl(`subscribers?topic=${topic}`)).toMatchObject({ ok: true })
  })

  it('S4: sees nothing of a join that was replaced, not even its late close', async () => {
    const params$ = new BehaviorSubject({ reply: { n: 1 } })
    const channel = socket.channel(freshTopic(), { params: params$ })
    const states: ChannelState[] = []
    const held = channel.subscribe((state) => states.push(state))
    await when(channel, 'joined')
    const rejoined = firstValueFrom(channel.pipe(filter(isRejoined)))
    params$.next({ reply: { n: 2 } })
    expect(await rejoined).toMatchObject({ response: { n: 2 } })
    // Replies keep their order on one channel: by now the close of the first join has come as well.
    expect(await firstValueFrom(channel.push('echo', { still: 'here' }))).toEqual({ still: 'here' })
    held.unsubscribe()

    expect(states.map(({ status }) => status).filter((status) => status === 'closed')).toEqual([])
    expect(trace).toContainEqual(expect.objectContaining({ type: 'dropped', reason: 'stale join_ref' }))
  })

  it('S7: keeps its subscribers over a lost connection, and emits nothing twice', async () => {
    const topic = freshTopic()
    const channel = socket.channel(topic)
    const heard: unknown[] = []
    const held = channel.on('news').subscribe((payload) => heard.push(payload))
    await when(channel, 'joined')
    // Awaited, since a kill takes with it what no poll has fetched yet.
    const first = firstValueFrom(channel.on('news'))
    await server.ctl(`broadcast?topic=${topic}&event=news`, { n: 1 })
    await first
    await server.ctl(`kill_socket?user=${user}`)
    await firstValueFrom(channel.pipe(filter(isRejoined)))
    const second = firstValueFrom(channel.on('news'))
    await server.ctl(`broadcast?topic=${topic}&event=news`, { n: 2 })
    await second
    held.unsubscribe()

    expect(heard).toEqual([{ n: 1 }, { n: 2 }])
  })

  it('S8: rejoins after a crash, and shows that it crashed', async () => {
    const topic = freshTopic()
    const channel = socket.channel(topic)
    const states = firstValueFrom(
      channel.pipe(
        filter(({ status }) => status !== 'waiting'),
        take(5),
        toArray(),
      ),
    )
    await when(channel, 'joined')
    await server.ctl(`crash?topic=${topic}`)
    expect(await states).toMatchObject([
      { status: 'joining', attempt: 0 },
      { status: 'joined', rejoined: false },
      { status: 'errored', attempt: 1, retryInMs: 5, cause: { _tag: 'ChannelCrashed' } },
      { status: 'joining', attempt: 1 },
      { status: 'joined', rejoined: true },
    ])
  })

  it('S8: completes with everything derived from it when the server closes it', async () => {
    const topic = freshTopic()
    const channel = socket.channel(topic)
    const states = firstValueFrom(
      channel.pipe(
        map(({ status }) => status),
        toArray(),
      ),
    )
    const news = firstValueFrom(channel.on('news').pipe(toArray()))
    await when(channel, 'joined')
    await server.ctl(`stop_channel?topic=${topic}`)
    expect((await states).at(-1)).toBe('closed')
    expect(await news).toEqual([])
    expect(channel.state).toEqual({ status: 'closed' })
    expect(await when(channel, 'joined')).toMatchObject({ rejoined: false })
  })

  it('S8: a join that takes too long is left, and tried again', async () => {
    const topic = freshTopic()
    const params = ({ attempt }: { attempt: number }): object => (attempt === 0 ? { delay: 400 } : {})
    const channel = socket.channel(topic, { params, joinTimeoutMs: 150 })
    const timedOut = when(channel, 'errored')
    const held = channel.subscribe()
    expect(await timedOut).toMatchObject({ cause: { _tag: 'JoinTimeout', timeoutMs: 150 } })
    await firstValueFrom(channel.pipe(filter(({ status }) => status === 'joined')))
    expect(await server.ctl(`subscribers?topic=${topic}`)).toMatchObject({ count: 1 })
    held.unsubscribe()
  })

  it('S11: asks to resume after the last message', async () => {
    const topic = freshTopic()
    const channel = socket.channel(topic, {
      params: ({ lastMessage }) => ({ reply: { after: lastMessage?.payload ?? null } }),
    })
    const held = channel.subscribe()
    expect(await when(channel, 'joined')).toMatchObject({ response: { after: null } })
    const heard = firstValueFrom(channel.on('news'))
    await server.ctl(`broadcast?topic=${topic}&event=news`, { id: 7 })
    await heard
    await server.ctl(`kill_socket?user=${user}`)
    expect(await firstValueFrom(channel.pipe(filter(isRejoined)))).toMatchObject({
      response: { after: { id: 7 } },
    })
    held.unsubscribe()
  })

  it('receives broadcasts of others and its own, and intercepted ones', async () => {
    const topic = freshTopic()
    const channel = socket.channel(topic)
    const other = phoenixSocket(`${server.url}${mount}`, { vsn, transport }).channel(topic)
    const held = [channel.subscribe(), other.subscribe()]
    await Promise.all([when(channel, 'joined'), when(other, 'joined')])
    const own = firstValueFrom(channel.on('broadcasted'))
    const theirs = firstValueFrom(other.on('broadcasted_from'))
    const intercepted = firstValueFrom(channel.on('intercepted'))
    await firstValueFrom(channel.push('broadcast', { x: 1 }))
    await firstValueFrom(channel.push('broadcast_from', { x: 2 }))
    await firstValueFrom(other.send('broadcast_intercepted', { x: 3 }), { defaultValue: undefined })
    expect(await own).toEqual({ x: 1 })
    expect(await theirs).toEqual({ x: 2 })
    expect(await intercepted).toEqual({ x: 3, for: user })
    held.forEach((each) => {
      each.unsubscribe()
    })
  })
})

// Over WebSocket only, since the contract app mounts this socket without long polling.
describe('S17: channels a connection', () => {
  it('errors with TooManyChannels at the limit of the server', async () => {
    const socket = phoenixSocket(`${server.url}/socket_small`)
    const held = [socket.channel(freshTopic()).subscribe(), socket.channel(freshTopic()).subscribe()]
    expect(await errorOf(socket.channel(freshTopic()).on('news'))).toMatchObject({ _tag: 'TooManyChannels' })
    held.forEach((each) => {
      each.unsubscribe()
    })
  })

  it('spreads channels over as many connections as needed', async () => {
    const opened = new Set<number>()
    const socket = phoenixSocket(`${server.url}/socket_small`, {
      channelsPerConnection: 2,
      trace: traceTo((event) => {
        if (event.type === 'frame-out') opened.add(event.connectionId)
      }),
    })
    const channels = Array.from({ length: 5 }, () => socket.channel(freshTopic()))
    const held = channels.map((channel) => channel.subscribe())
    await Promise.all(channels.map((channel) => when(channel, 'joined')))
    expect(opened.size).toBe(3)
    held.forEach((each) => {
      each.unsubscribe()
    })
  })
})
