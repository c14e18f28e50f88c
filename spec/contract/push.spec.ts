import { filter, firstValueFrom, forkJoin, map, merge, retry, take, toArray } from 'rxjs'
import { type Channel, type PhoenixSocket, phoenixSocket, type TraceEvent, traceTo } from '../../lib/index.ts'
import { contractServer, type ContractServer, freshTopic, freshUser } from './support/server.ts'
import { soon } from './support/soon.ts'
import { errorOf, nextValues, when } from './support/settled.ts'
import { longPoll, ways, waysAndVersions } from './support/ways.ts'

let server: ContractServer
beforeAll(async () => {
  server = await contractServer()
})
afterAll(() => server.close())

describe.each(waysAndVersions)('pushes over $over, version $vsn', ({ vsn, transport, mount, closeCode }) => {
  let user: string
  let topic: string
  let trace: TraceEvent[]
  let socket: PhoenixSocket
  let channel: Channel
  beforeEach(() => {
    user = freshUser()
    topic = freshTopic()
    trace = []
    socket = phoenixSocket(`${server.url}${mount}`, {
      vsn,
      transport,
      params: { user_id: user },
      reconnect: soon,
      rejoin: () => 5,
      trace: traceTo((event) => trace.push(event)),
    })
    channel = socket.channel(topic)
  })

  it('S5: waits for the join and goes out in order of subscription', async () => {
    const bodies = Array.from({ length: 20 }, (_, n) => ({ n }))
    const heard = nextValues(channel.on('pushed'), 20)
    await firstValueFrom(forkJoin(bodies.map((body) => channel.push('push_then_reply', body))))
    expect(await heard).toEqual(bodies)
  })

  it('S6: emits one value and completes', async () => {
    expect(await firstValueFrom(channel.push('ok').pipe(toArray()))).toEqual([{}])
    expect(await firstValueFrom(channel.push('reply_twice', { a: 1 }).pipe(toArray()))).toEqual([
      { n: 1, p: { a: 1 } },
    ])
  })

  it.each([
    ['fail', { why: 'because' }, { status: 'error', response: { why: 'because' } }],
    ['fail_empty', {}, { status: 'error', response: {} }],
    ['weird', { a: 1 }, { status: 'weird', response: { a: 1 } }],
    [
      'no_such_event',
      { a: 1 },
      { status: 'error', response: { reason: 'unknown event', event: 'no_such_event', payload: { a: 1 } } },
    ],
  ])('S6: errors with PushRefused when the server answers %s', async (event, payload, facts) => {
    expect(await errorOf(channel.push(event, payload))).toMatchObject({ _tag: 'PushRefused', ...facts })
  })

  it('S6: errors with PushTimeout when no reply comes', async () => {
    const held = channel.subscribe()
    await when(channel, 'joined')
    expect(await errorOf(channel.push('noreply', {}, { timeoutMs: 50 }))).toMatchObject({
      _tag: 'PushTimeout',
      sent: true,
      timeoutMs: 50,
    })
    held.unsubscribe()
  })

  it('S6: lets replies overtake one another', async () => {
    const slow$ = channel.push('slow', { ms: 60, n: 'slow' }).pipe(map(() => 'slow'))
    const fast$ = channel.push('echo', {}).pipe(map(() => 'fast'))
    expect(await firstValueFrom(merge(slow$, fast$).pipe(toArray()))).toEqual(['fast', 'slow'])
  })

  it('S6: errors with ChannelCrashed when it crashes its channel, and so do the others in flight', async () => {
    const held = channel.subscribe()
    await when(channel, 'joined')
    const waiting = errorOf(channel.push('slow', { ms: 1000 }))
    expect(await errorOf(channel.push('crash'))).toMatchObject({ _tag: 'ChannelCrashed', sent: true })
    expect(await waiting).toMatchObject({ _tag: 'ChannelCrashed', sent: true })
    held.unsubscribe()
  })

  it('S6: errors with ConnectionLost immediately when the connection is lost', async () => {
    const held = channel.subscribe()
    await when(channel, 'joined')
    const lost = errorOf(channel.push('slow', { ms: 5000 }))
    await server.ctl(`kill_socket?user=${user}`)
    expect(await lost).toMatchObject({
      _tag: 'ConnectionLost',
      sent: true,
      cause: { _tag: 'ConnectionClosed', code: closeCode(1006) },
    })
    held.unsubscribe()
  })

  it('S6: errors with ChannelClosed when the channel stops without a reply', async () => {
    expect(await errorOf(channel.push('stop'))).toMatchObject({ _tag: 'ChannelClosed', sent: true })
  })

  it('S6: receives the reply that is sent with a stop', async () => {
    expect(await firstValueFrom(channel.push('stop_reply', { bye: 1 }))).toEqual({ bye: 1 })
    expect(await errorOf(channel.push('stop_reply_error', { bye: 2 }))).toMatchObject({
      _tag: 'PushRefused',
      response: { bye: 2 },
    })
  })

  it('S6: a retry after a crash waits for the rejoin', async () => {
    let tries = 0
    const held = channel.subscribe()
    await when(channel, 'joined')
    const reply = firstValueFrom(
      channel.push('slow', { ms: 30 }).pipe(
        retry({
          count: 1,
          delay: () => {
            tries += 1
            return channel.pipe(take(1))
          },
        }),
      ),
    )
    await server.ctl(`crash?topic=${topic}`)
    expect(await reply).toMatchObject({ ms: 30 })
    expect(tries).toBe(1)
    held.unsubscribe()
  })

  it('S6: errors immediately with InvalidPayload, joined or not', async () => {
    expect(await errorOf(channel.push('echo', { n: 1n }))).toMatchObject({ _tag: 'InvalidPayload' })
    const held = channel.subscribe()
    await when(channel, 'joined')
    expect(await errorOf(channel.push('echo', { n: 1n }))).toMatchObject({ _tag: 'InvalidPayload' })
    held.unsubscribe()
  })

  it('sends events without a reply, and completes', async () => {
    const pushed = firstValueFrom(channel.on('pushed'))
    await firstValueFrom(channel.send('push_back', { a: 1 }), { defaultValue: undefined })
    expect(await pushed).toEqual({ a: 1 })
  })

  it('S6: what is cancelled before the join is never sent', async () => {
    const cancelled = channel.push('push_back', { never: true }).subscribe()
    const kept = firstValueFrom(channel.push('echo', { kept: true }))
    cancelled.unsubscribe()
    await kept
    const sent = trace.flatMap((event) => (event.type === 'frame-out' ? [event.frame] : []))
    expect(sent.filter((frame) => frame.includes('never'))).toEqual([])
  })

  it('takes replies of a megabyte', async () => {
    expect(await firstValueFrom(channel.push('big', { size: 1_000_000 }))).toEqual({
      data: 'b'.repeat(1_000_000),
    })
  })

  it('takes a flood in order', async () => {
    const flood = firstValueFrom(
      channel.on('flood').pipe(
        map((payload) => (payload as { i: number }).i),
        take(2_000),
        toArray(),
      ),
    )
    await firstValueFrom(channel.push('flood', { n: 2_000, size: 50 }))
    const order = await flood
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(new Set(order).size).toBe(2_000)
  })

  it('S15: a subscriber whose operator throws affects no other subscriber', async () => {
    const failing = errorOf(
      channel.on('pushed').pipe(
        map(() => {
          throw new Error('mine')
        }),
      ),
    )
    const healthy = nextValues(channel.on('pushed'), 2)
    await firstValueFrom(channel.push('push_then_reply', { n: 1 }))
    await firstValueFrom(channel.push('push_then_reply', { n: 2 }))
    expect(await failing).toMatchObject({ message: 'mine' })
    expect(await healthy).toEqual([{ n: 1 }, { n: 2 }])
  })
})

// Over WebSocket only, since no server sends bytes over long polling; see below for the way to the server.
describe('binary payloads (S13)', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256)
  const asBytes = (payload: unknown): Uint8Array => {
    expect(Object.prototype.toString.call(payload)).toBe('[object ArrayBuffer]')
    return new Uint8Array(payload as ArrayBuffer)
  }

  it.each([
    ['an ArrayBuffer', bytes.buffer],
    ['a typed array', bytes],
    ['a Buffer', Buffer.from(bytes)],
    ['a DataView', new DataView(bytes.buffer)],
    ['a part of a larger buffer', Uint8Array.from([9, ...bytes, 9]).subarray(1, 301)],
  ])('travel as %s, and come as an ArrayBuffer in replies', async (_case, payload) => {
    const channel = phoenixSocket(`${server.url}/socket`).channel(freshTopic())
    expect(asBytes(await firstValueFrom(channel.push('binary_echo', payload)))).toEqual(bytes)
  })

  it('come in pushes, broadcasts and refusals', async () => {
    const channel = phoenixSocket(`${server.url}/socket`).channel(freshTopic())
    const held = channel.subscribe()
    await when(channel, 'joined')
    const pushed = firstValueFrom(channel.on('binary_push'))
    const broadcasted = firstValueFrom(channel.on('binary_broadcast'))
    // Whether these two are answered is the server's affair; what counts is what they bring about.
    const sent = merge(
      channel.send('binary_push', bytes),
      channel.send('binary_broadcast', bytes),
    ).subscribe()
    expect(asBytes(await pushed)).toEqual(bytes)
    expect(asBytes(await broadcasted)).toEqual(bytes)
    const refused = (await errorOf(channel.push('binary_fail', bytes))) as { response: unknown }
    expect(refused).toMatchObject({ _tag: 'PushRefused', status: 'error' })
    expect(asBytes(refused.response)).toEqual(bytes)
    expect(await firstValueFrom(channel.push('binary_size', bytes))).toEqual({ size: 300 })
    sent.unsubscribe()
    held.unsubscribe()
  })

  it('are refused where the protocol has no room for them', async () => {
    const long = `room:${'x'.repeat(260)}`
    expect(
      await errorOf(phoenixSocket(`${server.url}/socket`).channel(long).push('binary_echo', bytes)),
    ).toMatchObject({ _tag: 'InvalidPayload' })
    const v1 = phoenixSocket(`${server.url}/socket`, { vsn: '1.0.0' }).channel(freshTopic())
    expect(await errorOf(v1.push('binary_echo', bytes))).toMatchObject({ _tag: 'InvalidPayload' })
  })
})

describe('binary payloads (S13) over long polling', () => {
  it('travel to the server', async () => {
    const { transport, mount } = longPoll
    const channel = phoenixSocket(`${server.url}${mount}`, { transport }).channel(freshTopic())
    for (const size of [0, 1, 300, 100_000])
      expect(await firstValueFrom(channel.push('binary_size', new Uint8Array(size)))).toEqual({ size })
  })
})

describe.each(ways)('S16: nothing is left behind, over $over', ({ transport, mount }) => {
  it('leaves the topic when unsubscribed in any state', async () => {
    const user = freshUser()
    const socket = phoenixSocket(`${server.url}${mount}`, { transport, params: { user_id: user } })
    const topic = freshTopic()
    socket.channel(topic).subscribe().unsubscribe() // connecting
    expect(socket.state).toEqual({ status: 'idle' })

    const held = socket.subscribe()
    await when(socket, 'open')
    const joining = socket.channel(topic, { params: { delay: 50 } }).subscribe() // joining
    joining.unsubscribe()
    await when(socket.channel(topic), 'joined')
    await firstValueFrom(socket.channel(freshTopic()).pipe(filter(({ status }) => status === 'joined')))
    held.unsubscribe()
    expect(socket.state).toEqual({ status: 'idle' })
  })
})
