import { readFile } from 'node:fs/promises'
import { channel, ok, phoenixServer, type PhoenixServer, stop } from 'rx-phoenix/server'
import { type ActivityContract, type FeedContract, type Quake, type WindowSummary } from './contract.ts'

/** What the server was told. */
export interface Activity {
  readonly windows: Map<number, WindowSummary>
  /** The windows that each late event had missed. */
  readonly corrections: Map<string, readonly number[]>
}

const MINUTE_MS = 60_000

/** A week of events, in the order in which their reports arrive: most within minutes, a few hours late. */
export const arrivals = async (): Promise<readonly Quake[]> => {
  const text = await readFile(new URL('../earthquakes/data/earthquakes.ndjson', import.meta.url), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line, i) => {
      const { id, time, mag } = JSON.parse(line) as Quake
      const delayMs = i % 40 === 39 ? 200 * MINUTE_MS : ((i * 7) % 25) * MINUTE_MS
      return { quake: { id, time, mag }, arrivesAt: time + delayMs }
    })
    .sort((a, b) => a.arrivesAt - b.arrivesAt)
    .map(({ quake }) => quake)
}

export const startServer = (
  quakes: readonly Quake[],
  { windows, corrections }: Activity,
): Promise<PhoenixServer> =>
  phoenixServer({
    sockets: {
      '/socket': {
        channels: {
          'feed:quakes': channel<FeedContract>({
            join: (_params, feed) => {
              feed.send('begin')
            },
            handleInfo: (_begin, feed) => {
              for (const quake of quakes) feed.push('quake', quake)
              return stop('normal')
            },
          }),
          'activity:quakes': channel<ActivityContract>({
            handleIn: {
              window: (window) => {
                windows.set(window.from, window)
                return ok({})
              },
              correct: ({ id, missed }) => {
                corrections.set(id, missed)
                return ok({})
              },
            },
          }),
        },
      },
    },
  })
