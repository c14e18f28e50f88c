import { DEV } from '../protocol/dev.ts'
import { checked } from '../protocol/checked.ts'
import { type Checkpoint } from './checkpoint.ts'
import { checkpointOf } from './checkpoint-of.ts'
import { CheckpointInvalid } from './durable-error.ts'

/** The part of the Web Storage API that is used. */
export type CheckpointStorage = Pick<Storage, 'getItem' | 'setItem'>

/**
 * A checkpoint under a key of `localStorage` or `sessionStorage`. All tabs share `localStorage`, without a lock: if a feed runs in
 * several tabs, use a key for each tab, or `sessionStorage`. If the key holds anything but a position, the feed errors with
 * `CheckpointInvalid`, and the value is left untouched. If the quota is exceeded, it errors with `CheckpointFailed`.
 *
 * @throws `InvalidArgument` for a storage without `getItem` and `setItem`, or an empty key.
 */
export const storageCheckpoint = (storage: CheckpointStorage, key: string): Checkpoint => {
  checked(
    typeof (storage as Partial<CheckpointStorage> | null)?.getItem === 'function' &&
      typeof (storage as Partial<CheckpointStorage> | null)?.setItem === 'function',
    'storage',
    storage,
    DEV && 'pass localStorage or sessionStorage.',
  )
  checked(typeof key === 'string' && key !== '', 'key', key, DEV && 'pass a key such as "orders:position".')
  const name = `the key "${key}" of the storage`
  return checkpointOf({
    name,
    load: () => {
      const text = storage.getItem(key)
      return text === null ? undefined : parsePosition(text, name)
    },
    save: (position) => {
      storage.setItem(key, JSON.stringify(position))
    },
  })
}

/** Parses the text of a checkpoint; its content is checked later. */
export const parsePosition = (text: string, source: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new CheckpointInvalid({ source, reason: 'it is not JSON' })
  }
}
