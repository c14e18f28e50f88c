import { type BenchClient } from '../clients/bench-client.ts'

/** Joins one channel, and listens to one event of it. Resolves when it is joined. */
export const joined = (
  client: BenchClient,
  topic: string,
  event: string,
  heard: (payload: unknown) => void,
): Promise<void> =>
  new Promise((resolve) => {
    client.join(topic, event, heard, resolve)
  })
