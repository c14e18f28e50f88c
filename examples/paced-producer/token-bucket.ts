import { asyncScheduler, defer, map, type Observable, of, type SchedulerLike, timer } from 'rxjs'

export interface BucketOptions {
  readonly perSecond: number
  /** How many may go at once after a rest. */
  readonly burst: number
  readonly scheduler?: SchedulerLike
}

/**
 * A bucket of tokens, shared by all who subscribe. Each subscription takes one: it emits when that is there, at once if
 * the bucket is not empty, and completes. Tokens are given in order of subscription. One that is unsubscribed while it
 * waits is lost, so that who keeps changing their mind does not come first.
 */
export const tokenBucket = ({
  perSecond,
  burst,
  scheduler = asyncScheduler,
}: BucketOptions): Observable<void> => {
  const everyMs = 1_000 / perSecond
  // One number holds the bucket: when the next token is due. A full one has had its tokens due for a while.
  let dueAt = -Infinity
  return defer(() => {
    const now = scheduler.now()
    const at = Math.max(dueAt, now - (burst - 1) * everyMs)
    dueAt = at + everyMs
    return at <= now ? of(undefined) : timer(at - now, scheduler).pipe(map(() => undefined))
  })
}
