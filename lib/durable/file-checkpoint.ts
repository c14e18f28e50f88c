import { DEV } from '../protocol/dev.ts'
import { lockedFile } from './locked-file-node.ts'
import { checked } from '../protocol/checked.ts'
import { type Checkpoint } from './checkpoint.ts'
import { checkpointOf } from './checkpoint-of.ts'
import { CheckpointInvalid } from './durable-error.ts'
import { type LockedFile } from './locked-file.ts'
import { isPosition } from './position.ts'
import { parsePosition } from './storage-checkpoint.ts'

/** Marks the file, so that a file of another program is not mistaken for a checkpoint. */
const KIND = 'rx-phoenix checkpoint'

/**
 * A checkpoint in a file. Node only: in a browser the call throws.
 *
 * A save writes `path.next`, flushes it to the disk and renames it, so that the file is complete at any time. While a feed uses
 * the file, `path.lock` names its process, and the feed of a second process errors with `CheckpointLocked`. The lock of a process
 * that has ended is taken over, unless that process ran on another machine. If the file is not a checkpoint, the feed errors with
 * `CheckpointInvalid`, and the file is never overwritten.
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
