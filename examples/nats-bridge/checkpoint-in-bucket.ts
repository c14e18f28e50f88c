import { type KV } from '@nats-io/kv'
import { type Checkpoint, checkpointOf } from 'rx-phoenix/durable'

/**
 * A checkpoint under one key of a bucket. It is saved over the revision that this reader knows, so one that was suspended while
 * another took over cannot set it back: its save fails, and with it its feed.
 */
export const checkpointInBucket = (bucket: KV, key: string): Checkpoint => {
  let revision = 0
  return checkpointOf({
    name: `the key "${key}" of the bucket`,
    load: async () => {
      const entry = await bucket.get(key)
      revision = entry?.revision ?? 0
      return entry?.json()
    },
    save: async (position) => {
      const text = JSON.stringify(position)
      revision = await (revision === 0 ? bucket.create(key, text) : bucket.update(key, text, revision))
    },
  })
}
