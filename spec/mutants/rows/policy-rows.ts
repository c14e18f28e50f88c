import { type RowMutant } from '../row-mutant.ts'

export const policyRows: readonly RowMutant[] = [
  {
    name: 'tries a join again for which there is no room',
    file: 'lib/connection/retry-policy.ts',
    find: " || cause._tag === 'TooManyChannels')",
    replace: ')',
    proves: [
      'marble-tests/channel/limits.marbles.ts › a refusal for that reason is TooManyChannels, which is not tried again by default',
    ],
  },
  {
    name: 'tries a refused first join again',
    file: 'lib/connection/retry-policy.ts',
    find: "(cause._tag === 'JoinRefused' ||",
    replace: "(cause._tag === ('' as never) ||",
    proves: [
      'marble-tests/channel/rejoin.marbles.ts › errors by default when the server refuses it, with everything derived from the channel',
      'spec/connection/retry-policy.spec.ts › rejoin by the table of Phoenix, but not after a refusal',
    ],
  },
  {
    name: 'asks the policy though it is to stop',
    file: 'lib/connection/retry-policy.ts',
    find: "(isOver(cause, attempt) ? 'stop' : policy",
    replace: "(isOver(cause, attempt) && attempt > 99 ? 'stop' : policy",
    proves: [
      'marble-tests/connection/policy.marbles.ts › errors with the cause, without a wait, and is idle afterwards',
      'marble-tests/connection/policy.marbles.ts › tries again as often as stopAfter allows',
      'spec/connection/retry-policy.spec.ts › see the cause, and combine',
      'spec/connection/retry-policy.spec.ts › see the close code of the server',
    ],
  },
  {
    name: 'waits longer than the longest wait',
    file: 'lib/connection/retry-policy.ts',
    find: 'Math.min(maxMs, ',
    replace: 'Math.min(Infinity * maxMs, ',
    proves: ['spec/connection/retry-policy.spec.ts › goes by its options, however many failures there were'],
  },
  {
    name: 'comes back after a drain as after any close',
    file: 'lib/connection/retry-policy.ts',
    find: 'Math.max(windowMs, RESTART_WINDOW_MS)',
    replace: 'Math.min(windowMs, RESTART_WINDOW_MS)',
    proves: [
      'spec/connection/retry-policy.spec.ts › has a window of at least 5 s after close code 1012, when all clients come back together',
    ],
  },
  {
    name: 'reconnects without jitter',
    file: 'lib/connection/retry-policy.ts',
    find: 'heedRetryAfter(fullJitter(phoenixReconnect))',
    replace: 'heedRetryAfter(phoenixReconnect)',
    proves: [
      'spec/connection/retry-policy.spec.ts › spread the steps of the table of Phoenix for reconnecting',
    ],
  },
  {
    name: 'waits past the window',
    file: 'lib/connection/retry-policy.ts',
    find: 'Math.round(random() * (',
    replace: 'Math.round((0.5 + random()) * (',
    proves: [
      'spec/connection/retry-policy.spec.ts › stays between 0 and the window with the random numbers of the platform',
    ],
  },
  {
    name: 'begins with the second step',
    file: 'lib/connection/retry-policy.ts',
    find: 'stepsMs[attempt - 1] ??',
    replace: 'stepsMs[attempt] ??',
    proves: ['spec/connection/retry-policy.spec.ts › waits the steps %j, then %i each time'],
  },
]
