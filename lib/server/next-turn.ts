/**
 * Calls a function when everything that has arrived by now has been read. Taken when the module is loaded, for a test may
 * replace the timers of its page later on, and the server is not what it wants to hold.
 */
export const nextTurn: typeof setImmediate = setImmediate
