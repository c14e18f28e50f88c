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
