/** The longest wait that the timers of browsers and Node can hold, in ms; a longer one would fire at once. */
export const MAX_DELAY_MS = 2_147_483_647
