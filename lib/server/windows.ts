import { heldDelay } from '../protocol/max-delay.ts'

/** Requests that are held back for a time, and released when the server ends. */
export interface Windows {
  /** Calls `over` after a time in milliseconds. The function that is returned cancels it. */
  open(ms: number, over: () => void): () => void
  /** All are over now. */
  end(): void
}

export const windows = (): Windows => {
  const open: Map<() => void, NodeJS.Timeout> = new Map()
  return {
    open: (ms, over) => {
      const close = (): void => {
        clearTimeout(open.get(end))
        open.delete(end)
      }
      const end = (): void => {
        close()
        over()
      }
      open.set(end, setTimeout(end, heldDelay(ms)))
      return close
    },
    end: () => {
      for (const end of [...open.keys()]) end()
    },
  }
}
