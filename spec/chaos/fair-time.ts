import { fairNow } from './fair-clock.ts'

/** A turn of a loop that waits for 5 ms takes no longer, unless the machine is busy with other things. */
const LONGEST_TURN_MS = 25

/**
 * Milliseconds since the call, of which those do not count in which this process was not let run: a bound on what a client
 * does must not become one on how busy the machine is. To be asked at every turn of a loop that waits.
 */
export const fairTime = (): (() => number) => {
  let last = fairNow()
  let passed = 0
  return () => {
    const now = fairNow()
    // The clock of the system knows nothing of a virtual machine that stands still.
    passed += Math.min(now - last, LONGEST_TURN_MS)
    last = now
    return passed
  }
}
