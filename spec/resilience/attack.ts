import { filter, firstValueFrom, ignoreElements, materialize, merge, takeUntil, timer, toArray } from 'rxjs'
import { type PhoenixSocket, phoenixSocket } from 'rx-phoenix'
import { ok, type PhoenixServer, phoenixServer, randomFaults } from 'rx-phoenix/server'

/*
 * Run by attack.spec.ts in a process of its own: in each state of a client, each thing is done to it that a server can
 * do. Then everybody unsubscribes; what is left is an open handle, and the process does not end.
 */

const attacks: Readonly<Record<string, (server: PhoenixServer) => void>> = {
  kill: (server) => {
    for (const connection of server.connections()) connection.kill()
  },
  freeze: (server) => {
    for (const connection of server.connections()) connection.freeze(150)
  },
  drain: (server) => {
    server.drain()
  },
  disconnect: (server) => {
    server.disconnect('client')
  },
  crash: (server) => {
    server.crash('room:a')
  },
  stop: (server) => {
    for (const channel of server.channels('room:a')) channel.stop('normal')
  },
  refuse: (server) => {
    server.refuseConnections(true, 100)
    for (const connection of server.connections()) connection.kill()
  },
  garble: (server) => {
    server.injectFaults({ frame: randomFaults({ seed: 7, garble: 0.5, drop: 0.2 }) })
  },
  nonsense: (server) => {
    const frames = [
      '',
      '{',
      '[]',
      '[1,2,3]',
      '["1","1","room:a","phx_reply",null]',
      new Uint8Array([7, 1]),
      new Uint8Array(0),
    ]
    server.injectFaults({
      frame: ({ direction }) =>
        direction === 'out' ? { replaceWith: frames[n++ % frames.length] ?? '' } : 'pass',
    })
  },
  'slow joins': (server) => {
    server.injectFaults({ joinDelayMs: 120 })
  },
}
let n = 0

/** When to strike: at once, or when the client has come so far. */
const moments: Readonly<Record<string, (socket: PhoenixSocket) => Promise<unknown>>> = {
  connecting: () => Promise.resolve(),
  open: (socket) => firstValueFrom(socket.pipe(filter(({ status }) => status === 'open'))),
  joining: (socket) =>
    firstValueFrom(socket.channel('room:a').pipe(filter(({ status }) => status === 'joining'))),
  joined: (socket) =>
    firstValueFrom(socket.channel('room:a').pipe(filter(({ status }) => status === 'joined'))),
}

const serve = (): Promise<PhoenixServer> =>
  phoenixServer({
    port: 0,
    trace: () => undefined,
    sockets: {
      '/socket': {
        id: () => 'client',
        channels: { 'room:*': { handleIn: { echo: (payload) => ok(payload) } } },
      },
    },
  })

/** What the client's push came to: `value, complete` or the tag of its error. */
const outcome = async (moment: string, attack: string): Promise<string> => {
  const server = await serve()
  const options = { heartbeatIntervalMs: 40, joinTimeoutMs: 80, reconnect: () => 5, rejoin: () => 5 }
  const socket = phoenixSocket(`${server.url}/socket`, options)
  const channel = socket.channel('room:a')
  const held$ = merge(channel, channel.on('news'), socket.channel('room:b'), socket.latency$).pipe(
    ignoreElements(),
    takeUntil(timer(400)),
  )
  const push$ = channel.push('echo', { n: 1 }, { timeoutMs: 200 }).pipe(materialize(), toArray())
  const settled = firstValueFrom(merge(held$, push$))
  const struck = moments[moment]?.(socket).then(() => attacks[attack]?.(server))
  const notifications = await settled
  await struck
  // Everybody is unsubscribed some time later; the server goes first, with the client on it.
  await server.close()
  return notifications
    .map(({ kind, error }) =>
      kind === 'E' ? (error as { _tag: string })._tag : kind === 'N' ? 'value' : 'complete',
    )
    .join(', ')
}

const results: Record<string, string> = {}
for (const moment of Object.keys(moments))
  await Promise.all(
    Object.keys(attacks).map(async (attack) => {
      results[`${moment}: ${attack}`] = await outcome(moment, attack)
    }),
  )
console.log(JSON.stringify(results))
