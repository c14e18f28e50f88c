import { DEV } from '../protocol/dev.ts'
import { checked } from '../protocol/checked.ts'
import { type Checkpoint } from './checkpoint.ts'
import { checkpointOf } from './checkpoint-of.ts'
import { CheckpointInvalid } from './durable-error.ts'

/** What is used of the Web Storage API. */
export type CheckpointStorage = Pick<Storage, 'getItem' | 'setItem'>

/**
 * A checkpoint under a key of `localStorage` or `sessionStorage`. Tabs share `localStorage` and nothing keeps them apart:
 * give each feed that runs in several tabs its own key, or use `sessionStorage`. What stands there and is no position fails
 * the feed with `CheckpointInvalid` and is left untouched.
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

/** Reads the text of a checkpoint; what is in it is checked later. */
export const parsePosition = (text: string, source: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new CheckpointInvalid({ source, reason: 'it is not JSON' })
  }
}
