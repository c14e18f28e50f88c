import { ok } from '../../lib/server/index.ts'
import { rawClient, reply } from './raw-client.ts'
import { serverBench } from './server-bench.ts'

const start = serverBench()

describe('under load', () => {
  it('a broadcast is encoded once for each version, however many listen', async () => {
    const { server, url } = await start({ channels: { 'room:*': {} }, maxChannelsPerTransport: 1_000 })
    const clients = await Promise.all(
      [url, url, url.replace('2.0.0', '1.0.0')].map((address) => rawClient(address)),
    )
    clients.forEach((client, i) => {
      client.send(
        i === 2
          ? '{"topic":"room:a","event":"phx_join","payload":{},"ref":"1"}'
          : ['1', '1', 'room:a', 'phx_join', {}],
      )
    })
    await Promise.all(clients.map((client) => client.next()))
    let encoded = 0
    server.broadcast('room:a', 'news', {
      toJSON: () => {
        encoded += 1
        return { x: 1 }
      },
    })
    await Promise.all(clients.map((client) => client.next()))
    expect(encoded).toBe(2)
  })

  it('a client that asks for more than it reads is read no further until it has caught up', async () => {
    // Without the pause the answers that wait would pass this bound, and the connection would be cut.
    const { url, traced } = await start({
      maxBufferedBytes: 4 * 1024 * 1024,
      channels: { 'room:*': { handleIn: (_event, payload) => ok(payload) } },
    })
    const client = await rawClient(url)
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    await client.next()
    const count = 20_000
    client.ws.pause()
    for (let i = 0; i < count; i++)
      client.send(['1', String(i), 'room:a', 'echo', { data: 'x'.repeat(1_000) }])
    client.ws.resume()
    const replies = await client.take(count)
    expect(replies[count - 1]).toEqual(
      reply('1', String(count - 1), 'room:a', 'ok', { data: 'x'.repeat(1_000) }),
    )
    expect(traced).not.toContainEqual(expect.objectContaining({ _tag: 'SlowConsumer' }))
  })

  it('a client that sends faster than its channel works is read no further either', async () => {
    let waiting = 0
    let most = 0
    const { url } = await start({
      channels: {
        'room:*': {
          handleIn: async (_event, payload) => {
            most = Math.max(most, ++waiting)
            await new Promise((resolve) => setImmediate(resolve))
            waiting -= 1
            return ok(payload)
          },
        },
      },
    })
    const client = await rawClient(url)
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    await client.next()
    for (let i = 0; i < 5_000; i++) client.send(['1', String(i), 'room:a', 'echo', {}])
    const replies = await client.take(5_000)
    expect(replies.map((frame) => (frame as unknown[])[1])).toEqual(
      Array.from({ length: 5_000 }, (_, i) => String(i)),
    )
    expect(most).toBe(1)
  })

  it('disconnects a client that does not read', async () => {
    const { server, url, traced } = await start({ maxBufferedBytes: 1024 * 1024, channels: { 'room:*': {} } })
    const client = await rawClient(url)
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    await client.next()
    client.ws.pause()
    for (let i = 0; i < 200 && server.subscribers('room:a') > 0; i++)
      server.broadcast('room:a', 'flood', { data: 'x'.repeat(100_000) })
    expect(server.subscribers('room:a')).toBe(0)
    expect(traced).toContainEqual(expect.objectContaining({ _tag: 'SlowConsumer' }))
    client.ws.resume()
    expect(await client.closed).toBe(1006)
  })

  it('a handler that sends a great deal waits for its client', async () => {
    const { url, traced } = await start({
      maxBufferedBytes: 4 * 1024 * 1024,
      channels: {
        'room:*': {
          handleIn: async (_event, _payload, channel) => {
            for (let i = 0; i < 300; i++) {
              channel.push('part', new Uint8Array(100_000))
              await channel.drained()
            }
            return ok()
          },
        },
      },
    })
    const client = await rawClient(url)
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    await client.next()
    client.send(['1', '2', 'room:a', 'flood', {}])
    expect(await client.take(301)).toHaveLength(301)
    expect(traced).not.toContainEqual(expect.objectContaining({ _tag: 'SlowConsumer' }))
  })
})
