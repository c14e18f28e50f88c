import { setTimeout as sleep } from 'node:timers/promises'
import { phoenixServer } from 'rx-phoenix/server'
import { type Earthquake } from '../contract.ts'
import { type AlertLedger, type AlertRecord, alertsChannel } from './alerts-channel.ts'
import { replayChannel } from './replay-channel.ts'

export interface FeedServerOptions {
  readonly log: readonly Earthquake[]
  /** How long the replay of the whole log takes, in milliseconds. */
  readonly replayMs: number
  /** At the first alert with this id the server goes away. */
  readonly goAwayAt: string | undefined
  /** For how long, in milliseconds. */
  readonly awayMs: number
}

export interface FeedServer {
  readonly url: string
  /** The alerts that came, for the proof. */
  readonly alerts: AlertLedger
  close(): Promise<void>
}

/**
 * The server of the demo: replays the log, takes alerts, and once goes away in the middle of it all: it cuts its
 * connections without a close frame, frees its port, and is back after a while.
 */
export const feedServer = async ({
  log,
  replayMs,
  goAwayAt,
  awayMs,
}: FeedServerOptions): Promise<FeedServer> => {
  const alerts: Map<string, AlertRecord> = new Map()
  let returning: Promise<void> | undefined
  const channels = {
    'feed:earthquakes': replayChannel(log, replayMs),
    'alerts:quakes': alertsChannel(alerts, (id) => {
      if (id !== goAwayAt || returning) return false
      returning = goAway()
      return true
    }),
  }
  const start = (port: number): ReturnType<typeof phoenixServer> =>
    phoenixServer({ port, sockets: { '/socket': { channels } } })
  let server = await start(0)
  const { port, url } = server

  const goAway = async (): Promise<void> => {
    for (const connection of server.connections()) connection.kill()
    await server.close()
    await sleep(awayMs)
    server = await start(port)
  }

  return {
    url: `${url}/socket`,
    alerts,
    close: async () => {
      await returning
      await server.close()
    },
  }
}
