// Kept, since fake timers of tests may replace it later. A MessageChannel is not replaced.
const later = setTimeout

/**
 * Runs a function in the next task, after the Promises of this one. Not a timer: under fake timers that nobody advances it
 * still runs.
 */
export const nextTask = (run: () => void): void => {
  // Neither React Native nor jsdom has one.
  if (typeof MessageChannel === 'undefined') {
    later(run)
    return
  }
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    // An open one would keep Node from ending.
    port1.close()
    run()
  }
  port2.postMessage(undefined)
}
