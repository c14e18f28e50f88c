/**
 * What the embedded server carries on one machine, in figures: many connections with many channels each, a broadcast to
 * all of them, and memory while clients ask for more than they read. Run with
 * `npx tsx --conditions=rx-phoenix-source bench/server-load.ts [connections] [channels each]`.
 * The server runs in a process of its own, so that its memory and time are not those of the clients.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { ok, phoenixServer } from '../lib/server/index.ts'

interface Ask {
  readonly ask: 'stats' | 'broadcast' | 'end'
}
interface Stats {
  readonly rssMb: number
  readonly cpuMs: number
  readonly encoded: number
  readonly tookMs: number
}

const serve = async (): Promise<void> => {
  const server = await phoenixServer({
    sockets: { '/socket': { channels: { 'bench:*': { handleIn: (_event, payload) => ok(payload) } } } },
    trace: () => undefined,
  })
  let encoded = 0
  const payload = {
    toJSON: () => {
      encoded += 1
      return { text: 'x'.repeat(100) }
    },
  }
  process.on('message', ({ ask }: Ask) => {
    const startedAt = performance.now()
    if (ask === 'broadcast') server.broadcast('bench:all', 'news', payload)
    if (ask === 'end') void server.close().then(() => process.exit(0))
    const { user, system } = process.cpuUsage()
    const stats: Stats = {
      rssMb: Math.round(process.memoryUsage().rss / 1024 / 1024),
      cpuMs: Math.round((user + system) / 1_000),
      encoded,
      tookMs: Math.round(performance.now() - startedAt),
    }
    process.send?.(stats)
  })
  process.send?.({ url: server.url })
}

const asked = async (child: ChildProcess, ask: Ask['ask']): Promise<Stats> => {
  child.send({ ask })
  const [stats] = (await once(child, 'message')) as [Stats]
  return stats
}

/** Connects, joins its own topics and, first of all, `bench:all`, and counts what it hears of that. */
const client = async (url: string, id: number, channels: number, heard: () => void): Promise<WebSocket> => {
  const ws = new WebSocket(`${url}/socket/websocket?vsn=2.0.0`, { perMessageDeflate: false })
  await once(ws, 'open')
  let replies = 0
  const joined: Promise<void> = new Promise((resolve) => {
    ws.on('message', (data: Buffer) => {
      if (data.includes('"news"')) heard()
      else if (++replies === channels) resolve()
    })
  })
  for (let i = 0; i < channels; i++) {
    const topic = i === 0 ? 'bench:all' : `bench:${id}:${i}`
    ws.send(JSON.stringify([String(i), String(i), topic, 'phx_join', {}]))
  }
  await joined
  return ws
}

const timed = async <T>(run: () => Promise<T>): Promise<readonly [T, number]> => {
  const startedAt = performance.now()
  const result = await run()
  return [result, Math.round(performance.now() - startedAt)]
}

const load = async (connections: number, channels: number): Promise<void> => {
  const child = fork(fileURLToPath(import.meta.url), ['serve'])
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  const before = await asked(child, 'stats')

  let news = 0
  let allHeard = (): void => undefined
  const heard = (): void => {
    if (++news === connections) allHeard()
  }
  const [clients, joinMs] = await timed(async () => {
    const open: WebSocket[] = []
    for (let id = 0; id < connections; id += 50) {
      const batch = Array.from({ length: Math.min(50, connections - id) }, (_, i) =>
        client(url, id + i, channels, heard),
      )
      open.push(...(await Promise.all(batch)))
    }
    return open
  })
  const joined = await asked(child, 'stats')
  console.log(`${connections} connections x ${channels} channels: ${joinMs} ms to connect and join`)
  console.log(`  memory of the server: ${before.rssMb} MB before, ${joined.rssMb} MB after`)

  const [, broadcastMs] = await timed(async () => {
    const everybody: Promise<void> = new Promise((resolve) => {
      allHeard = resolve
    })
    const { tookMs, encoded } = await asked(child, 'broadcast')
    console.log(
      `broadcast to ${connections} subscribers: encoded ${encoded} time(s), ${tookMs} ms in the server`,
    )
    await everybody
  })
  console.log(`  heard by all after ${broadcastMs} ms`)

  const [, floodMs] = await timed(() => flood(clients.slice(0, 10)))
  const flooded = await asked(child, 'stats')
  console.log(`10 clients ask for 200 MB of answers and read late: ${floodMs} ms, then ${flooded.rssMb} MB`)
  for (const ws of clients) ws.terminate()
  child.send({ ask: 'end' })
  await once(child, 'exit')
}

/** Each client sends 20,000 pushes of 1 kB before it reads any answer. */
const flood = async (clients: readonly WebSocket[]): Promise<void> => {
  await Promise.all(
    clients.map(
      (ws) =>
        new Promise<void>((resolve) => {
          let replies = 0
          ws.on('message', () => {
            if (++replies === 20_000) resolve()
          })
          ws.pause()
          const data = 'x'.repeat(1_000)
          for (let i = 0; i < 20_000; i++)
            ws.send(JSON.stringify(['0', `f${i}`, 'bench:all', 'echo', { data }]))
          setTimeout(() => {
            ws.resume()
          }, 1_000)
        }),
    ),
  )
}

if (process.argv[2] === 'serve') await serve()
else await load(Number(process.argv[2] ?? 1_000), Number(process.argv[3] ?? 10))
