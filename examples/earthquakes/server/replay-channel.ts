import { channel, type ChannelDefinition, error, ok, stop } from 'rx-phoenix/server'
import { type Earthquake, type FeedContract } from '../contract.ts'

/** How often events that are due go out, in milliseconds. */
const TICK_MS = 10

/**
 * The channel `feed:earthquakes`: a log with a clock. The first join starts the clock, which from then on runs through
 * the log in `replayMs` and waits for nobody: whoever joins gets at once what is past, after the event that it has seen
 * last, and the rest when its time comes. After the last event the channel closes.
 */
export const replayChannel = (log: readonly Earthquake[], replayMs: number): ChannelDefinition => {
  const positions = new Map(log.map(({ id }, i) => [id, i]))
  const beginsAt = log[0]?.time ?? 0
  const msPerMs = ((log.at(-1)?.time ?? 0) - beginsAt) / replayMs
  let startedAt: number | undefined

  const dueInMs = ({ time }: Earthquake): number => {
    startedAt ??= performance.now()
    return startedAt + (time - beginsAt) / msPerMs - performance.now()
  }

  return channel<FeedContract, { next: number }>({
    join: ({ last_seen_id: lastSeenId }, feed) => {
      const lastSeen = lastSeenId === null ? -1 : positions.get(lastSeenId)
      if (lastSeen === undefined) return error({ reason: `there is no event ${lastSeenId}` })
      feed.assigns.next = lastSeen + 1
      feed.send('tick')
      return ok({ total: log.length })
    },
    handleInfo: (_tick, feed) => {
      for (;;) {
        const quake = log[feed.assigns.next]
        if (!quake) return stop('normal')
        const waitMs = dueInMs(quake)
        if (waitMs > 0) {
          feed.sendAfter('tick', Math.max(waitMs, TICK_MS))
          return
        }
        feed.push('quake', quake)
        feed.assigns.next += 1
      }
    },
  })
}
