import { type Push } from 'phoenix'

/** How a push of the official client ended: its status and what came with it. */
export const outcome = (push: Push): Promise<readonly [status: string, response: unknown]> =>
  new Promise((resolve) => {
    for (const status of ['ok', 'error', 'timeout'] as const)
      push.receive(status, (response: unknown) => {
        resolve([status, response])
      })
  })

/** Resolves with what a callback is first called with. */
export const once = <T>(listen: (callback: (value: T) => void) => unknown): Promise<T> =>
  new Promise((resolve) => {
    listen(resolve)
  })

/** Resolves as soon as a condition holds; rejects after five seconds, so that a failing spec ends. */
export const until = async (condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`this did not come true: ${condition.toString()}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
