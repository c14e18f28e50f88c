import { setTimeout as sleep } from 'node:timers/promises'
import { type Chronicle } from './chronicle.ts'
import { fairTime } from './fair-time.ts'

export interface Resources {
  readonly counts: ReadonlyMap<string, number>
  /** What there is more of than before. */
  since(before: Resources): string[]
}

/** What keeps this process alive, now. */
export const resources = (): Resources => {
  const counts: Map<string, number> = new Map()
  for (const name of process.getActiveResourcesInfo()) counts.set(name, (counts.get(name) ?? 0) + 1)
  return {
    counts,
    since: (before) =>
      [...counts].flatMap(([name, count]) => {
        const more = count - (before.counts.get(name) ?? 0)
        // The wait of this check itself is a timer.
        return more > (name === 'Timeout' ? 1 : 0) ? [`${more} ${name}`] : []
      }),
  }
}

/**
 * A closing handshake may take 800 ms, a leave over long polling 2 s, and a proxy remembers half-open connections for
 * 500 ms; but `fetch` keeps connections for 4 s in case that another request follows.
 */
const WITHIN_MS = 9_000

/** Waits until nothing is left. */
export const settled = async (
  invariant: string,
  chronicle: Chronicle,
  remains: () => readonly string[],
): Promise<void> => {
  const waitedMs = fairTime()
  while (remains().length > 0) {
    if (waitedMs() > WITHIN_MS) {
      chronicle.violated(invariant, remains().join(', '))
      return
    }
    await sleep(5)
  }
}
