/** The longest wait that the timers of browsers and Node can hold, in ms (24 days); a longer one, such as `Infinity`, would fire immediately. */
export const MAX_DELAY_MS = 2_147_483_647

/** A wait as a timer can hold it. */
export const heldDelay = (ms: number): number => Math.min(ms, MAX_DELAY_MS)
