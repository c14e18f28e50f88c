import { RealtimeClient, type WebSocketLikeConstructor } from '@supabase/realtime-js'
import { WebSocket } from 'ws'
import { error, ok, phoenixServer, type PhoenixServer, presence } from '../../../lib/server/index.ts'
import { once } from './outcome.ts'

/*
 * Supabase Realtime is a Phoenix server with a dialect of its own: topics begin with `realtime:`, a broadcast is one
 * event `broadcast` with the user's event inside, presence is tracked by an event `presence`. Here a channel of the
 * embedded server speaks as much of it as its client needs.
 */
const startRealtime = (): Promise<PhoenixServer> => {
  const presences = presence()
  return phoenixServer({
    trace: () => undefined,
    sockets: {
      '/realtime/v1': {
        channels: {
          'realtime:*': {
            join: (params, channel, topic) => {
              if (topic === 'realtime:forbidden') return error({ reason: 'forbidden' })
              channel.assigns['config'] = (params as { config: unknown }).config
              channel.send('after_join')
              return ok({ postgres_changes: [] })
            },
            handleInfo: (_message, channel) => {
              presences.pushState(channel)
            },
            handleIn: {
              access_token: () => undefined,
              broadcast: (payload, channel) => {
                const { broadcast } = channel.assigns['config'] as {
                  broadcast: { self: boolean; ack: boolean }
                }
                if (broadcast.self) channel.broadcast('broadcast', payload)
                else channel.broadcastFrom('broadcast', payload)
                return broadcast.ack ? ok() : undefined
              },
              presence: (payload, channel) => {
                const { event, payload: meta } = payload as { event: string; payload?: object }
                const { presence: options } = channel.assigns['config'] as { presence: { key: string } }
                if (event === 'track') presences.track(channel, options.key, meta)
                else presences.untrack(channel, options.key)
                return ok()
              },
            },
          },
        },
      },
    },
  })
}

describe('the client of Supabase Realtime', () => {
  let server: PhoenixServer
  let clients: RealtimeClient[] = []
  beforeEach(async () => {
    server = await startRealtime()
  })
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.removeAllChannels()))
    for (const client of clients) client.disconnect()
    clients = []
    await server.close()
  })

  const client = (vsn?: string): RealtimeClient => {
    const made = new RealtimeClient(`${server.url}/realtime/v1`, {
      params: { apikey: 'anon' },
      transport: WebSocket as unknown as WebSocketLikeConstructor,
      ...(vsn === undefined ? {} : { vsn }),
    })
    clients.push(made)
    return made
  }
  const status = (channel: ReturnType<RealtimeClient['channel']>): Promise<string> =>
    once((done) => channel.subscribe(done))

  // In version 2.0.0 it sends broadcasts as binary frames of a kind of its own, which Phoenix does not know either.
  it('broadcasts from one to the other', async () => {
    const [ann, bob] = [
      client('1.0.0').channel('chat', { config: { broadcast: { ack: true } } }),
      client('1.0.0').channel('chat'),
    ]
    const heard = once((done) => bob.on('broadcast', { event: 'shout' }, done))
    expect([await status(ann), await status(bob)]).toEqual(['SUBSCRIBED', 'SUBSCRIBED'])
    expect(await ann.send({ type: 'broadcast', event: 'shout', payload: { text: 'hi' } })).toBe('ok')
    expect(await heard).toEqual(expect.objectContaining({ event: 'shout', payload: { text: 'hi' } }))
  })

  it('is refused a channel', async () => {
    expect(await status(client().channel('forbidden'))).toBe('CHANNEL_ERROR')
  })

  it.each(['1.0.0', '2.0.0'])('tracks a presence, in version %s', async (vsn) => {
    const ann = client(vsn).channel('place', { config: { presence: { key: 'ann' } } })
    const synced = once((done) =>
      ann.on('presence', { event: 'sync' }, () => {
        if (Object.keys(ann.presenceState()).length > 0) done(ann.presenceState())
      }),
    )
    expect(await status(ann)).toBe('SUBSCRIBED')
    await ann.track({ mood: 'good' })
    expect(await synced).toEqual({ ann: [expect.objectContaining({ mood: 'good' })] })
  })
})
