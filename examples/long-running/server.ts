import { setTimeout as sleep } from 'node:timers/promises'
import { accept, channel, phoenixServer, type PhoenixServer, refuse, stop } from 'rx-phoenix/server'

export interface ClockServer {
  readonly url: string
  /** What an identity provider would do: a token that is good for a while. */
  readonly issueToken: () => Promise<string>
  readonly issued: () => number
  readonly refused: () => number
  /** The codes with which clients closed, and how their channels ended. */
  readonly ended: readonly string[]
  close(): Promise<void>
}

/** A clock behind a token that is good for one connection; it cuts each connection after some ticks. */
export const clockServer = async (ticks: number, cutEvery: number, tickMs: number): Promise<ClockServer> => {
  let issued = 0
  let used = 0
  let refused = 0
  let n = 0
  const ended: string[] = []
  const server: PhoenixServer = await phoenixServer({
    sockets: {
      '/socket': {
        authToken: true,
        id: () => 'all',
        connect: ({ authToken }) => {
          const fresh = authToken === `token-${issued}` && used < issued
          if (fresh) used = issued
          else refused += 1
          return fresh ? accept() : refuse()
        },
        channels: {
          'clock:utc': channel({
            join: (_params, clock) => {
              clock.send('tick')
            },
            handleInfo: (_tick, clock) => {
              if (n === ticks) return stop('normal')
              n += 1
              clock.push('tick', { n })
              if (n % cutEvery === 0) server.disconnect('all')
              else clock.sendAfter('tick', tickMs)
              return undefined
            },
            terminate: ({ _tag }) => {
              ended.push(_tag)
            },
          }),
        },
      },
    },
  })
  return {
    url: `${server.url}/socket`,
    issueToken: () => Promise.resolve(`token-${++issued}`),
    issued: () => issued,
    refused: () => refused,
    ended,
    close: async () => {
      // Who is about to leave may do so: a server that closes first would see no leave.
      for (let waits = 0; server.connections().length > 0 && waits < 100; waits += 1) await sleep(10)
      await server.close()
    },
  }
}
