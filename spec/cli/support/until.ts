import { setTimeout as pause } from 'node:timers/promises'

/** Resolves as soon as a condition holds, looking now and then, so that the process that has to bring it about can run. */
export const until = async (condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + 50_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`this did not come true: ${condition.toString()}`)
    await pause(5)
  }
}
