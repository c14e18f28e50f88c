import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchClient } from '../clients/bench-client.ts'
import { type Measured } from '../measured.ts'
import { profiled } from '../profile.ts'
import { topicName } from '../server-frames.ts'
import { cpuUs } from './cpu-us.ts'
import { joinAll } from './join-all.ts'
import { joined } from './joined.ts'

export const joins = async (client: BenchClient, n: number): Promise<Measured> => {
  await Promise.all(
    Array.from({ length: n / 20 }, (_, i) => joined(client, `warm:${i}`, 'msg', () => undefined)),
  )
  const value = (await cpuUs(() => joinAll(client, n))) / n
  return { value, correct: true } // or it would not have ended
}

/** What the first joins of a process cost, code that is not compiled yet included. */
export const firstJoins = async (client: BenchClient, n: number): Promise<Measured> => {
  const value = (await cpuUs(() => joinAll(client, n))) / 1_000
  return { value, correct: true } // or it would not have ended
}

/** In ms from the cut until all are joined again. */
export const rejoins = (client: BenchClient, n: number): Promise<Measured> =>
  rejoined(client, n, async (cut) => {
    const startedAt = performance.now()
    await profiled(cut)
    return performance.now() - startedAt
  })

/** What the first rejoins of a process cost, in ms of CPU time. */
export const firstRejoins = (client: BenchClient, n: number): Promise<Measured> =>
  rejoined(client, n, async (cut) => (await cpuUs(cut)) / 1_000)

/** Joins all, and measures what goes on from the cut until all are joined again. */
const rejoined = async (
  client: BenchClient,
  n: number,
  measured: (cut: () => Promise<void>) => Promise<number>,
): Promise<Measured> => {
  let count = 0
  let all = (): void => undefined
  const joinedAll = (): Promise<void> =>
    new Promise((resolve) => {
      all = resolve
    })
  const first = joinedAll()
  const heard = (): void => undefined
  const joined = (): void => {
    count += 1
    if (count % n === 0) all()
  }
  for (let i = 0; i < n; i++) client.join(topicName(i), 'msg', heard, joined)
  await first
  const again = joinedAll()
  const value = await measured(() => {
    client.send('bench:0', 'cut')
    return again
  })
  await sleep(100) // what comes too often would come now
  return { value, correct: count === 2 * n }
}
