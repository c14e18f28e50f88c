import { type Link } from './link.ts'

/** Messages of one client that may wait to be handled before reading from it stops. */
const MAX_WAITING = 1_000
/** Bytes that may wait for one client before reading from it stops; what it does not read it cannot ask for. */
const MAX_UNREAD_BYTES = 1024 * 1024

export interface FlowControl {
  /** More (1) or fewer (-1) messages wait. */
  readonly count: (delta: number) => void
  /** Something was sent. */
  readonly sent: () => void
}

/**
 * Stops reading from a client while too much waits, on either side, and begins again when half of it is done. TCP then
 * slows the client down, so that a flood costs bounded memory: one that sends faster than its channels work, and one
 * that asks for more than it reads.
 */
export const flowControl = (link: Link): FlowControl => {
  let waiting = 0
  let unread = false
  let reading = true

  const regulate = (): void => {
    const tooMuch = unread || waiting > (reading ? MAX_WAITING : MAX_WAITING / 2)
    if (tooMuch !== reading) return
    reading = !tooMuch
    if (reading) link.resume()
    else link.pause()
  }

  return {
    count: (delta) => {
      waiting += delta
      regulate()
    },
    sent: () => {
      if (unread || link.bufferedBytes() <= MAX_UNREAD_BYTES) return
      unread = true
      regulate()
      void link.drained().then(() => {
        unread = false
        regulate()
      })
    },
  }
}
