import { isUnexplained, Unauthorized } from '../protocol/connection-error.ts'
import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type RetryPolicy } from './retry-policy.ts'
import { madeFrom } from './same-value.ts'

/**
 * Gives up with `Unauthorized` once the server has refused so many attempts in a row with HTTP status 401 or 403. Any other
 * failure in between, and every connection that proves itself, resets the count. A failure without a known cause, as in
 * browsers, neither counts nor resets it.
 *
 * Where no status is seen at all, nothing counts as a refusal: see `probeRefusal`.
 *
 * The policy keeps the count, so make one for each socket. The refusals of all its connections add up
 * (`channelsPerConnection`), since they carry the same credentials.
 */
export const stopAfterRefusals = (attempts: number): ((policy: RetryPolicy) => RetryPolicy) => {
  if (DEV && (!Number.isInteger(attempts) || attempts < 1))
    throw new InvalidArgument(
      'stopAfterRefusals.attempts',
      attempts,
      'pass a whole number of refusals, 1 or more.',
    )
  return (policy) => {
    let refused = 0
    const refusing: RetryPolicy = (cause, attempt) => {
      if (attempt === 1) refused = 0
      if (cause._tag === 'ConnectionRefused' && (cause.status === 401 || cause.status === 403)) {
        if (++refused >= attempts) return new Unauthorized({ attempts: refused, cause })
      } else if (!isUnexplained(cause)) refused = 0
      return policy(cause, attempt)
    }
    return madeFrom(refusing, stopAfterRefusals, attempts, policy)
  }
}
