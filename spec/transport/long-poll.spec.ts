import { concatMap, filter, firstValueFrom, from, lastValueFrom, merge, take, toArray } from 'rxjs'
import { type Channel, longPollTransport, phoenixSocket, type SocketOptions } from '../../lib/index.ts'
import { liveState } from '../../lib/live-state/index.ts'
import {
  liveStateChannel,
  next,
  ok,
  type PhoenixServer,
  phoenixServer,
  randomFaults,
} from '../../lib/server/index.ts'
import { errorOf, when } from '../contract/support/settled.ts'
import { soon } from '../contract/support/soon.ts'
import { until } from '../server/until.ts'

/** Of each channel: what came, in order. */
let taken: unknown[]
let server: PhoenixServer

const serve = (port = 0): Promise<PhoenixServer> =>
  phoenixServer({
    port,
    trace: () => undefined,
    sockets: {
      '/socket': {
        longpoll: { windowMs: 1_000 },
        authToken: true,
        channels: {
          'room:*': {
            handleIn: {
              echo: (payload) => ok(payload),
              size: (payload) => ok({ size: (payload as { text: string }).text.length }),
              whoami: (_payload, { socket }) => ok({ token: socket.authToken, transport: socket.transport }),
              put: (payload) => {
                taken.push(payload)
              },
              many: (payload, channel) => {
                for (let n = 0; n < (payload as { n: number }).n; n++) channel.push('one', { n })
                return ok()
              },
            },
          },
          'state:*': liveStateChannel<{ readonly count: number }>({
            dialect: 'live-state',
            init: () => ok({ count: 0 }),
            handleEvent: (_name, _payload, { count }) => next({ count: count + 1 }),
          }),
        },
      },
    },
  })

const join = (topic = 'room:a', options: SocketOptions = {}): Channel =>
  phoenixSocket(`${server.url}/socket`, {
    transport: longPollTransport(),
    reconnect: soon,
    rejoin: soon,
    ...options,
  }).channel(topic)
const numbers = (count: number): { n: number }[] => Array.from({ length: count }, (_, n) => ({ n }))

beforeEach(async () => {
  taken = []
  server = await serve()
})
afterEach(() => server.close())

describe('long polling with a server', () => {
  it('works where there is no TextDecoder, as in Jest with jsdom, though there is a fetch with streams', async () => {
    const { TextDecoder } = globalThis
    Reflect.deleteProperty(globalThis, 'TextDecoder')
    try {
      expect(await firstValueFrom(join().push('echo', { body: 'é✓' }))).toEqual({ body: 'é✓' })
    } finally {
      globalThis.TextDecoder = TextDecoder
    }
  })

  it('keeps the order of thousands of messages, sent in one turn and in many, also when it ends with them', async () => {
    const channel = join()
    const held = channel.subscribe()
    await when(channel, 'joined')
    const all = numbers(2_500)
    const heard = firstValueFrom(channel.on('one').pipe(take(500), toArray()))
    await lastValueFrom(merge(...all.slice(0, 1_500).map((one) => channel.send('put', one))), {
      defaultValue: 0,
    })
    await lastValueFrom(
      from(all.slice(1_500, 2_000)).pipe(
        concatMap(async (one) => {
          await Promise.resolve()
          return firstValueFrom(channel.send('put', one), { defaultValue: 0 })
        }),
      ),
    )
    await firstValueFrom(channel.push('many', { n: 500 }))
    expect(await heard).toEqual(numbers(500))
    for (const one of all.slice(2_000)) channel.send('put', one).subscribe()
    held.unsubscribe()

    // What was sent in the turn of the end still arrives, and the leave behind it.
    await until(() => server.subscribers('room:a') === 0)
    expect(taken).toEqual(all)
  })

  it('carries texts of megabytes, and reports one that is too large', async () => {
    const channel = join()
    const text = 'é'.repeat(3_000_000)
    expect(await firstValueFrom(channel.push('size', { text }))).toEqual({ size: 3_000_000 })
    expect(await errorOf(channel.push('size', { text: text + text }))).toMatchObject({
      _tag: 'ConnectionLost',
      sent: true,
      cause: { _tag: 'ConnectionClosed', code: 1009 },
    })
  })

  it('comes back to a server that was started again, and is joined again', async () => {
    const channel = join()
    const held = channel.subscribe()
    await when(channel, 'joined')
    const { port } = server
    await server.close()
    server = await serve(port)
    await firstValueFrom(channel.pipe(filter((state) => state.status === 'joined' && state.rejoined)))
    expect(await firstValueFrom(channel.push('echo', { n: 1 }))).toEqual({ n: 1 })
    held.unsubscribe()
  })

  it('carries a token that no sub-protocol could', async () => {
    const channel = join('room:a', { authToken: 'which?' })
    expect(await firstValueFrom(channel.push('whoami'))).toEqual({ token: 'which?', transport: 'longpoll' })
  })

  it('sees refusals, and connects when it is accepted', async () => {
    server.refuseConnections(true)
    const channel = join()
    const joined = when(channel, 'joined')
    const socket = phoenixSocket(`${server.url}/socket`, { transport: longPollTransport(), reconnect: soon })
    expect(await when(socket, 'waiting')).toMatchObject({ cause: { _tag: 'ConnectionRefused', status: 403 } })
    server.refuseConnections(false)
    expect(await joined).toMatchObject({ status: 'joined' })
  })

  it('gives each push one outcome while frames are lost, broken and late and connections are cut', async () => {
    server.injectFaults({ frame: randomFaults({ seed: 3, drop: 0.05, garble: 0.05, cut: 0.05 }) })
    const channel = join('room:a', { joinTimeoutMs: 200 })
    const outcomes = await Promise.all(
      numbers(40).map(async (one) => {
        try {
          return await firstValueFrom(channel.push('echo', one, { timeoutMs: 1_500 }))
        } catch (error) {
          return (error as { _tag: string })._tag
        }
      }),
    )
    const odd = outcomes.filter((outcome) =>
      typeof outcome === 'string'
        ? !/^(PushTimeout|ConnectionLost|PushRefused|ChannelC)/.test(outcome)
        : false,
    )
    expect(odd).toEqual([])
    const replies = outcomes.flatMap((outcome, n) => (typeof outcome === 'string' ? [] : [[outcome, { n }]]))
    expect(replies.filter(([reply, sent]) => JSON.stringify(reply) !== JSON.stringify(sent))).toEqual([])
  })

  it('carries a live state', async () => {
    const state = liveState<{ readonly count: number }>(join('state:a'), { dialect: 'live-state' })
    const counted = firstValueFrom(state.pipe(filter(({ count }) => count === 3)))
    await firstValueFrom(state)
    for (let i = 0; i < 3; i++) state.dispatch('inc').subscribe()
    expect(await counted).toEqual({ count: 3 })
  })
})
