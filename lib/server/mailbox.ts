/** Messages that are handled one after the other, in order: what a process is in Elixir. */
export interface Mailbox<M> {
  /** Handles the message now if no other is being handled, else when its turn comes. */
  readonly post: (message: M) => void
  /** Resolves when nothing waits and nothing is being handled, or the mailbox has ended. */
  readonly settled: () => Promise<void>
  /** Handles nothing until `open()`; messages wait. */
  readonly shut: () => void
  readonly open: () => void
  /** Forgets what waits and takes nothing more. */
  readonly end: () => void
}

/**
 * A handler that returns a promise holds up the messages behind it until it settles; one that does not runs immediately
 * and in the caller's turn, so that a server without asynchronous handlers answers a frame before it reads the next.
 * The handler must not throw or reject: what failure means is known to its owner only.
 *
 * @param count - called for each message that comes (1) and of each that is done or forgotten (-1 and more)
 */
export const mailbox = <M>(
  handle: (message: M) => void | PromiseLike<void>,
  count: (delta: number) => void = () => undefined,
): Mailbox<M> => {
  let queue: M[] = []
  let head = 0
  let state: 'open' | 'shut' | 'ended' = 'open'
  let busy = false
  let waiters: (() => void)[] = []

  const isSettled = (): boolean => state === 'ended' || (!busy && head === queue.length)
  const tell = (): void => {
    if (waiters.length === 0 || !isSettled()) return
    const told = waiters
    waiters = []
    for (const resolve of told) resolve()
  }

  const run = (): void => {
    while (state === 'open' && !busy && head < queue.length) {
      const message = queue[head++] as M
      if (head === queue.length) [queue, head] = [[], 0]
      busy = true
      const pending = handle(message)
      if (isThenable(pending)) {
        void pending.then(resume)
        return
      }
      busy = false
      count(-1)
    }
    tell()
  }
  const resume = (): void => {
    busy = false
    count(-1)
    run()
  }

  return {
    post: (message) => {
      if (state === 'ended') return
      queue.push(message)
      count(1)
      run()
    },
    shut: () => {
      if (state === 'open') state = 'shut'
    },
    open: () => {
      if (state !== 'shut') return
      state = 'open'
      run()
    },
    end: () => {
      state = 'ended'
      count(head - queue.length)
      queue = []
      head = 0
      tell()
    },
    settled: () =>
      isSettled()
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.push(resolve)
          }),
  }
}

/** True for a promise of any make. */
export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
