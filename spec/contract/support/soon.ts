import { type RetryPolicy, stopAfter } from '../../../lib/index.ts'

/** Tries again after 5 ms. Not for ever, so that a test that fails does not leave a client that dials on and on. */
export const soon: RetryPolicy = stopAfter(200)(() => 5)
