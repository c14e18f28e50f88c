/** A file that one process at a time may open. */
export interface LockedFile {
  /** Returns its text; undefined if the file does not exist. */
  read(): Promise<string | undefined>
  /** Replaces its text. If the power fails meanwhile, the file has the old text or the new one. */
  write(text: string): Promise<void>
  /** Gives up the lock. */
  close(): Promise<void>
}

/** Takes the lock of a file. Rejects with `CheckpointLocked`. */
export type OpenLockedFile = (path: string) => Promise<LockedFile>
