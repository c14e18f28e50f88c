import { jest } from '@jest/globals'
import { faultyBench } from './faulty-bench.ts'
import { rawClient, reply } from './raw-client.ts'
import { until } from './until.ts'

const { start, joined } = faultyBench()
const DAYS_24_8 = 2 ** 31 - 1

/** Node fires a timer above its limit after 1 ms, and an exchange with the server may be over before; hence the look. */
const timers = jest.spyOn(globalThis, 'setTimeout')
const longest = (): number => Math.max(...timers.mock.calls.map(([, ms]) => ms ?? 0))
beforeEach(() => {
  timers.mockClear()
})
afterAll(() => {
  timers.mockRestore()
})

describe('a wait without end', () => {
  it('for a client that is silent leaves it in peace', async () => {
    const { url } = await start({ channels: {}, websocket: { idleTimeoutMs: Infinity } })
    const client = await rawClient(url)
    client.send([null, '1', 'phoenix', 'heartbeat', {}])
    expect(await client.next()).toEqual(reply(null, '1', 'phoenix', 'ok', {}))
    expect(longest()).toBe(DAYS_24_8)
  })

  it('of a frozen connection lasts', async () => {
    const client = await joined()
    client.server.connections()[0]?.freeze(Infinity)
    expect(longest()).toBe(DAYS_24_8)
  })

  it('of connections that are refused lasts', async () => {
    const { server, url } = await start({ channels: {} })
    server.refuseConnections(true, Infinity)
    await expect(fetch(url.replace('ws:', 'http:'))).resolves.toHaveProperty('status', 403)
    expect(longest()).toBe(DAYS_24_8)
  })

  it('of a join holds up its connection', async () => {
    const client = await joined({ joinDelayMs: Infinity })
    client.send(['2', '2', 'room:b', 'phx_join', {}])
    await until(() => longest() > 60_000)
    expect(longest()).toBe(DAYS_24_8)
  })

  it('of a frame holds it up', async () => {
    const client = await joined({ frame: () => ({ delayMs: Infinity }) })
    client.server.broadcast('room:a', 'news', {})
    expect(longest()).toBe(DAYS_24_8)
  })

  it.each([Infinity, 30 * 24 * 3600 * 1000])('of %d ms of a message to oneself lasts', async (delayMs) => {
    const client = await joined()
    client.server.channels('room:a')[0]?.sendAfter('news', delayMs)
    expect(longest()).toBe(DAYS_24_8)
  })

  it('of a poll lasts', async () => {
    const { server } = await start({ channels: { 'room:*': {} }, longpoll: { windowMs: Infinity } })
    const url = `${server.url.replace('ws', 'http')}/socket/longpoll?vsn=2.0.0`
    const { token } = (await (await fetch(url)).json()) as { token: string }
    const poll = fetch(`${url}&token=${token}`)
    const body = '["1","1","room:a","phx_join",{}]'
    const posted = await fetch(`${url}&token=${token}`, { method: 'POST', body })
    expect(await posted.json()).toMatchObject({ status: 200 })
    expect(await (await poll).json()).toMatchObject({ status: 200 })
    expect(longest()).toBe(DAYS_24_8)
  })
})
