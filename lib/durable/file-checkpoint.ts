import { DEV } from '../protocol/dev.ts'
import { lockedFile } from './locked-file-node.ts'
import { checked } from '../protocol/checked.ts'
import { type Checkpoint } from './checkpoint.ts'
import { checkpointOf } from './checkpoint-of.ts'
import { CheckpointInvalid } from './durable-error.ts'
import { type LockedFile } from './locked-file.ts'
import { isPosition } from './position.ts'
import { parsePosition } from './storage-checkpoint.ts'

/** What stands in the file, so that one of another program is not mistaken for a checkpoint. */
const KIND = 'rx-phoenix checkpoint'

/**
 * A checkpoint in a file. Node only: in a browser the call throws.
 *
 * A save writes a new file beside it, flushes it to the disk and renames it, so that the file is whole at any time. While a
 * feed uses it, `path.lock` names the process: a second one fails with `CheckpointLocked`; the lock of a process that is gone
 * is taken over. A file that is not a checkpoint fails the feed with `CheckpointInvalid` and is never overwritten.
 *
 * @throws `InvalidArgument` for an empty path, and where there are no files.
 */
export const fileCheckpoint = (path: string): Checkpoint => {
  checked(typeof path === 'string' && path !== '', 'path', path, DEV && 'pass the path of a file.')
  const open = lockedFile
  if (!open)
    return checked(false, 'path', path as never, DEV && 'there are no files here; use storageCheckpoint.')
  let file: LockedFile | undefined
  /** A feed may end while its lock is being taken. */
  let opening: Promise<unknown> | undefined
  return checkpointOf({
    name: path,
    load: async () => {
      const opened = open(path)
      opening = opened.catch(() => undefined)
      file = await opened
      try {
        const text = await file.read()
        if (text === undefined) return undefined
        const { kind, ...position } = Object(parsePosition(text, path)) as Readonly<Record<string, unknown>>
        if (kind === KIND && isPosition(position)) return position
        throw new CheckpointInvalid({ source: path, reason: 'another program may have written it' })
      } catch (error) {
        await file.close()
        throw error
      }
    },
    save: (position) => file?.write(`${JSON.stringify({ kind: KIND, ...position })}\n`),
    close: async () => {
      await opening
      await file?.close()
    },
  })
}
