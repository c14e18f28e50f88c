import { config } from 'rxjs'

/**
 * Collects the errors of subscribers that throw, which RxJS reports in a later turn of the event loop and which would
 * end the process. Await the result after the test has run.
 */
export const unhandledErrors = (): (() => Promise<readonly unknown[]>) => {
  const errors: unknown[] = []
  const before = config.onUnhandledError
  config.onUnhandledError = (error) => errors.push(error)
  return async () => {
    await new Promise((resolve) => setTimeout(resolve))
    config.onUnhandledError = before
    return errors
  }
}
