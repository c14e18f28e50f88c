import { Socket } from 'phoenix'
import {
  ConnectionClosed,
  ConnectionFailed,
  ConnectionRefused,
  exponentialBackoff,
  fullJitter,
  heedRetryAfter,
  InvalidArgument,
  JoinRefused,
  JoinTimeout,
  phoenixJsPolicies,
  type RetryPolicy,
  steppedBackoff,
  stopAfter,
  stopOn,
} from '../../lib/index.ts'
import { defaultReconnect, defaultRejoin } from '../../lib/connection/retry-policy.ts'

const away = new ConnectionFailed('away')
const drained = new ConnectionClosed({ code: 1012, reason: '', wasClean: true })
const waits = (policy: RetryPolicy, attempts: number): ReturnType<RetryPolicy>[] =>
  Array.from({ length: attempts }, (_, i) => policy(away, i + 1))

describe('steppedBackoff', () => {
  it.each([
    [[10, 50], 200, [10, 50, 200, 200]],
    [[], 7, [7, 7, 7, 7]],
    [[0], 0, [0, 0, 0, 0]],
  ])('waits the steps %j, then %i each time', (steps, then, expected) => {
    expect(waits(steppedBackoff(steps, then), 4)).toEqual(expected)
  })
})

describe('exponentialBackoff', () => {
  it('doubles from 100 ms to 30 s by default', () => {
    expect(waits(exponentialBackoff(), 11)).toEqual([
      100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000,
    ])
  })

  it('goes by its options, however many failures there were', () => {
    const policy = exponentialBackoff({ initialMs: 10, factor: 3, maxMs: 100 })
    expect(waits(policy, 4)).toEqual([10, 30, 90, 100])
    expect(policy(away, 1_000_000)).toBe(100)
    expect(exponentialBackoff({ initialMs: 0 })(away, 5000)).toBe(0)
  })
})

describe('fullJitter', () => {
  it.each([
    [0, 0],
    [0.25, 25],
    [0.5, 50],
    [0.999, 100],
  ])('with a random number of %d waits %i of 100 ms', (random, expected) => {
    expect(fullJitter(steppedBackoff([], 100), () => random)(away, 1)).toBe(expected)
  })

  it('has a window of at least 5 s after close code 1012, when all clients come back together', () => {
    const half = (ms: number): RetryPolicy => fullJitter(steppedBackoff([], ms), () => 0.5)
    expect(half(100)(drained, 1)).toBe(2500)
    expect(half(20_000)(drained, 1)).toBe(10_000)
    expect(half(100)(new ConnectionClosed({ code: 1001, reason: '', wasClean: true }), 1)).toBe(50)
  })

  it('stops when its policy does, and as it does', () => {
    expect(fullJitter(() => 'stop')(drained, 1)).toBe('stop')
    expect(fullJitter(() => away)(drained, 1)).toBe(away)
  })

  it('stays between 0 and the window with the random numbers of the platform', () => {
    for (const wait of waits(fullJitter(steppedBackoff([], 10)), 200)) {
      expect(wait).toBeGreaterThanOrEqual(0)
      expect(wait).toBeLessThanOrEqual(10)
    }
  })
})

describe('heedRetryAfter', () => {
  const busy = (retryAfterMs?: number) => new ConnectionRefused({ status: 503, retryAfterMs })

  it('waits as long as the server asks for, and then as long as its policy says', () => {
    const policy = heedRetryAfter(steppedBackoff([10], 20))
    expect(policy(busy(2000), 1)).toBe(2010)
    expect(policy(busy(2000), 2)).toBe(2020)
    expect(policy(busy(), 1)).toBe(10)
    expect(policy(away, 1)).toBe(10)
  })

  it('takes no more than its bound from a server: five minutes by default', () => {
    expect(heedRetryAfter(() => 0)(busy(86_400_000), 1)).toBe(300_000)
    expect(heedRetryAfter(() => 7, 1000)(busy(86_400_000), 1)).toBe(1007)
  })

  it('stops when its policy does, and as it does', () => {
    expect(heedRetryAfter(() => 'stop')(busy(5), 1)).toBe('stop')
    expect(heedRetryAfter(() => away)(busy(5), 1)).toBe(away)
  })
})

describe('stopAfter and stopOn', () => {
  it('try again as often as they say', () => {
    expect(waits(stopAfter(2)(steppedBackoff([], 5)), 4)).toEqual([5, 5, 'stop', 'stop'])
    expect(waits(stopAfter(0)(steppedBackoff([], 5)), 1)).toEqual(['stop'])
  })

  it('see the cause, and combine', () => {
    const policy = stopOn(({ _tag }) => _tag === 'ConnectionRefused')(stopAfter(1)(() => 5))
    expect(policy(new ConnectionRefused({ status: 403 }), 1)).toBe('stop')
    expect(policy(away, 1)).toBe(5)
    expect(policy(away, 2)).toBe('stop')
  })

  it('are policies by themselves, with the default waits of a socket', () => {
    const reconnect: RetryPolicy = stopAfter(1)
    expect(reconnect(away, 1)).toBeLessThanOrEqual(10)
    expect(reconnect(away, 2)).toBe('stop')
    const unlessAway: RetryPolicy = stopOn(({ _tag }) => _tag === 'ConnectionFailed')
    expect(unlessAway(away, 1)).toBe('stop')
    expect(unlessAway(drained, 1)).toBeLessThanOrEqual(5000)
  })

  it('are policies by themselves, with the default waits of a channel', () => {
    const rejoin: RetryPolicy = stopAfter(2)
    const timeout = new JoinTimeout({ topic: 'a', timeoutMs: 5 })
    expect([1, 2, 3].map((attempt) => rejoin(timeout, attempt))).toEqual([1000, 2000, 'stop'])
    expect(rejoin(new JoinRefused({ topic: 'a', response: {} }), 1)).toBe('stop')
  })

  it('see the close code of the server', () => {
    const policy = stopOn((cause) => cause._tag === 'ConnectionClosed' && cause.code === 4001)(() => 5)
    expect(policy(new ConnectionClosed({ code: 4001, reason: 'banned', wasClean: true }), 1)).toBe('stop')
    expect(policy(drained, 1)).toBe(5)
  })
})

describe('phoenixJsPolicies', () => {
  const { reconnect, rejoin } = phoenixJsPolicies()

  it('are the tables of phoenix.js, as the package itself computes them', () => {
    const client = new Socket('ws://localhost/socket') as unknown as {
      readonly reconnectAfterMs: (tries: number) => number
      readonly rejoinAfterMs: (tries: number) => number
    }
    const tries = Array.from({ length: 14 }, (_, i) => i + 1)
    expect(waits(reconnect, 14)).toEqual(tries.map((each) => client.reconnectAfterMs(each)))
    expect(waits(rejoin, 14)).toEqual(tries.map((each) => client.rejoinAfterMs(each)))
  })

  it('try a refused join again, as phoenix.js does', () => {
    expect(rejoin(new JoinRefused({ topic: 'a', response: {} }), 1)).toBe(1000)
  })
})

describe('the default policies', () => {
  it('spread the steps of the table of Phoenix for reconnecting', () => {
    for (const [attempt, windowMs] of [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000, 5000].entries()) {
      const drawn = Array.from({ length: 200 }, () => Number(defaultReconnect(away, attempt + 1)))
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...drawn)).toBeLessThanOrEqual(windowMs)
      // Over the whole window: that none of 200 falls into a half of it does not happen.
      expect(Math.min(...drawn)).toBeLessThan(windowMs / 2)
      expect(Math.max(...drawn)).toBeGreaterThan(windowMs / 2)
    }
  })

  it('reconnect no sooner than the server asks for', () => {
    const busy = new ConnectionRefused({ status: 503, retryAfterMs: 7000 })
    expect(defaultReconnect(busy, 1)).toBeGreaterThanOrEqual(7000)
    expect(defaultReconnect(busy, 1)).toBeLessThanOrEqual(7010)
  })

  it('rejoin by the table of Phoenix, but not after a refusal', () => {
    expect(waits(defaultRejoin, 5)).toEqual([1000, 2000, 5000, 10_000, 10_000])
    expect(defaultRejoin(new JoinRefused({ topic: 'a', response: {} }), 1)).toBe('stop')
  })
})

describe('arguments that cannot work', () => {
  it.each<[string, () => unknown, string]>([
    ['a negative step', () => steppedBackoff([1, -1], 5), 'steppedBackoff is -1: '],
    ['an invalid step', () => steppedBackoff([NaN], 5), 'steppedBackoff is NaN: '],
    ['no last step', () => steppedBackoff([1], NaN), 'steppedBackoff is NaN: '],
    ['a negative start', () => exponentialBackoff({ initialMs: -1 }), 'exponentialBackoff.initialMs is -1: '],
    ['a negative limit', () => exponentialBackoff({ maxMs: -1 }), 'exponentialBackoff.maxMs is -1: '],
    ['a factor below 1', () => exponentialBackoff({ factor: 0.5 }), 'exponentialBackoff.factor is 0.5: '],
    ['a negative bound', () => heedRetryAfter(steppedBackoff([], 5), -1), 'heedRetryAfter.maxMs is -1: '],
    ['half a retry', () => stopAfter(1.5), 'stopAfter.attempts is 1.5: '],
    ['jitter of no policy', () => fullJitter(5 as never), 'fullJitter.policy is 5: pass a function.'],
    [
      'jitter without chance',
      () => fullJitter(steppedBackoff([], 5), 0.5 as never),
      'fullJitter.random is 0.5: ',
    ],
    ['nothing to heed for', () => heedRetryAfter(undefined as never), 'heedRetryAfter.policy is undefined: '],
    ['nothing to stop', () => stopAfter(3)(undefined as never), 'policy is undefined: pass a retry policy.'],
    [
      'a name to stop',
      () => stopOn(() => true)('jitter' as never),
      'policy is "jitter": pass a retry policy.',
    ],
    ['a symbol', () => steppedBackoff([], Symbol('5') as never), 'steppedBackoff is Symbol(5): '],
    [
      'no predicate',
      () => stopOn('JoinRefused' as never),
      'stopOn.predicate is "JoinRefused": pass a function.',
    ],
    ['negative retries', () => stopAfter(-1), 'stopAfter.attempts is -1: '],
  ])('%s throws InvalidArgument', (_case, call, message) => {
    expect(call).toThrow(InvalidArgument)
    expect(call).toThrow(message)
  })
})
