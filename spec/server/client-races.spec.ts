import { firstValueFrom, type Subscription } from 'rxjs'
import { inspect, phoenixSocket, type PhoenixSocket } from '../../lib/index.ts'
import { type Faults, ok, type PhoenixServer } from '../../lib/server/index.ts'
import { serverBench } from './server-bench.ts'
import { until } from './until.ts'

/** The races of a real server, which the embedded one produces on request, and a client that goes through them. */
const start = serverBench()

const faulty = async (
  faults: Faults,
): Promise<{
  readonly server: PhoenixServer
  readonly socket: PhoenixSocket
  readonly held: Subscription
}> => {
  const { server } = await start({ channels: { 'room:*': { handleIn: (_event, payload) => ok(payload) } } })
  const socket = phoenixSocket(`${server.url}/socket`)
  const held = socket.subscribe()
  await firstValueFrom(socket.channel('room:held').push('echo', {}))
  server.injectFaults(faults)
  return { server, socket, held }
}
const awaited = (socket: PhoenixSocket): number =>
  inspect(socket).connections.reduce((sum, { awaitedReplies = 0 }) => sum + awaitedReplies, 0)

describe('a client of a server that answers leaves late or never', () => {
  it.each<readonly [string, Faults]>([
    ['never', { leave: 'unanswered' }],
    ['late', { leave: { delayMs: 20 } }],
  ])('joins again and again, and awaits nothing in the end: %s', async (_name, faults) => {
    const { server, socket, held } = await faulty(faults)
    const room = socket.channel('room:a')
    for (let n = 1; n <= 10; n++) expect(await firstValueFrom(room.push('echo', { n }))).toEqual({ n })
    await until(() => server.subscribers('room:a') === 0)
    await until(() => awaited(socket) === 0)
    held.unsubscribe()
  })

  it('receives each broadcast once if a join overtakes a leave', async () => {
    const { server, socket, held } = await faulty({ leave: { delayMs: 60_000 } })
    const heard: unknown[] = []
    const room = socket.channel('room:a')
    room.on('news').subscribe().unsubscribe()
    const hearing = room.subscribe()
    await until(() => room.state.status === 'joined')
    hearing.unsubscribe()
    const listening = room.on('news').subscribe((payload) => heard.push(payload))
    await until(() => room.state.status === 'joined' && server.subscribers('room:a') > 0)
    expect(await firstValueFrom(room.push('echo', { n: 1 }))).toEqual({ n: 1 })
    server.broadcast('room:a', 'news', { n: 1 })
    expect(await firstValueFrom(room.push('echo', { n: 2 }))).toEqual({ n: 2 })
    expect(heard).toEqual([{ n: 1 }])
    listening.unsubscribe()
    held.unsubscribe()
  })

  it('may receive a broadcast twice after a join that replaced another, and nothing else', async () => {
    const { server, socket, held } = await faulty({ leave: { delayMs: 60_000 }, doubledBroadcasts: 1 })
    const heard: unknown[] = []
    const room = socket.channel('room:a')
    await firstValueFrom(room.push('echo', {}))
    const listening = room.on('news').subscribe((payload) => heard.push(payload))
    expect(await firstValueFrom(room.push('echo', { n: 1 }))).toEqual({ n: 1 })
    for (const n of [1, 2]) server.broadcast('room:a', 'news', { n })
    expect(await firstValueFrom(room.push('echo', { n: 2 }))).toEqual({ n: 2 })
    expect(heard.slice(-1)).toEqual([{ n: 2 }])
    expect(heard.filter((payload) => (payload as { n: number }).n === 2)).toHaveLength(1)
    expect(heard.length).toBeLessThanOrEqual(3)
    listening.unsubscribe()
    held.unsubscribe()
  })
})
