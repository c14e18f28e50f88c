import { type BenchClient } from '../clients/bench-client.ts'
import { topicName } from '../server-frames.ts'

/** Joins so many channels, and listens to one event of each. Resolves when all are joined. */
export const joinAll = (
  client: BenchClient,
  n: number,
  heard: (i: number) => (payload: unknown) => void = () => () => undefined,
): Promise<void> =>
  new Promise((resolve) => {
    let count = 0
    const joined = (): void => {
      count += 1
      if (count === n) resolve()
    }
    for (let i = 0; i < n; i++) client.join(topicName(i), 'msg', heard(i), joined)
  })
