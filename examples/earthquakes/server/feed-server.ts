import { setTimeout as sleep } from 'node:timers/promises'
import { phoenixServer } from 'rx-phoenix/server'
import { type Earthquake } from '../contract.ts'
import { type Report } from '../report.ts'
import { replayChannel } from './replay-channel.ts'
import { reportsChannel } from './reports-channel.ts'

export interface FeedServerOptions {
  readonly log: readonly Earthquake[]
  /** How long the replay of the whole log takes, in milliseconds. */
  readonly replayMs: number
  /** Called with what the client has reported. */
  readonly tell: (report: Report) => void
  /** Runs before an alert is answered for the first time. */
  readonly beforeAnswer: (id: string) => Promise<void>
}

export interface FeedServer {
  readonly url: string
  /** Cuts all connections without a close frame, frees the port, and is back after so many milliseconds. */
  goAway(ms: number): void
  close(): Promise<void>
}

/** The server of the demo: replays the log, and takes reports. */
export const feedServer = async ({
  log,
  replayMs,
  tell,
  beforeAnswer,
}: FeedServerOptions): Promise<FeedServer> => {
  const channels = {
    'feed:earthquakes': replayChannel(log, replayMs),
    'reports:quakes': reportsChannel(tell, beforeAnswer),
  }
  const start = (port: number): ReturnType<typeof phoenixServer> =>
    phoenixServer({ port, sockets: { '/socket': { channels } } })
  let server = await start(0)
  const { port, url } = server
  let returning: Promise<void> | undefined

  const away = async (ms: number): Promise<void> => {
    for (const connection of server.connections()) connection.kill()
    await server.close()
    await sleep(ms)
    server = await start(port)
  }

  return {
    url: `${url}/socket`,
    goAway: (ms) => {
      returning = away(ms)
    },
    close: async () => {
      await returning
      await server.close()
    },
  }
}
