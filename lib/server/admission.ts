import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { heldDelay } from '../protocol/max-delay.ts'

/** Whether new connections are accepted. */
export interface Admission {
  readonly isOpen: () => boolean
  /** Turns everybody away, until called with false or for a time in milliseconds. */
  readonly refuse: (on: boolean, forMs?: number) => void
  /** Refuses all further connections. */
  readonly end: () => void
}

export const admission = (): Admission => {
  let open = true
  let timer: NodeJS.Timeout | undefined
  return {
    isOpen: () => open,
    refuse: (on, forMs) => {
      if (forMs !== undefined && !(forMs > 0))
        throw new InvalidArgument('forMs', forMs, 'pass milliseconds, more than 0.')
      clearTimeout(timer)
      open = !on
      if (on && forMs !== undefined)
        timer = setTimeout(() => {
          open = true
        }, heldDelay(forMs))
    },
    end: () => {
      clearTimeout(timer)
      open = false
    },
  }
}
