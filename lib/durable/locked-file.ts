/** A file that one process at a time may open. */
export interface LockedFile {
  /** Undefined if there is none. */
  read(): Promise<string | undefined>
  /** Replaces it: afterwards it is the old one or the new one, whenever the power fails. */
  write(text: string): Promise<void>
  /** Gives up the lock. */
  close(): Promise<void>
}

/** Takes the lock of a file. Rejects with `CheckpointLocked`. */
export type OpenLockedFile = (path: string) => Promise<LockedFile>
