import { type RowMutant } from '../row-mutant.ts'

export const connectionRows: readonly RowMutant[] = [
  {
    name: 'evaluates a function without what it is to be told',
    file: 'lib/connection/dynamic.ts',
    find: 'toObservable(evaluate(context))',
    replace: 'toObservable(evaluate(undefined as never))',
    proves: [
      'marble-tests/channel/join-params.marbles.ts › from a function are evaluated at each join, with the attempt and the last message',
      'marble-tests/connection/inputs.marbles.ts › are evaluated at each attempt, with its number',
      'spec/contract/channel.spec.ts › S11: asks to resume after the last message',
    ],
  },
  {
    name: 'evaluates a function once and keeps its value',
    file: 'lib/connection/dynamic.ts',
    find: 'const evaluate = value as (context: Context) => T | PromiseLike<T> | Observable<T>',
    replace: `let kept: unknown[] | undefined
    const evaluate = ((context: Context) => (kept ??= [(value as (context: Context) => T)(context)])[0]) as (
      context: Context,
    ) => T | PromiseLike<T> | Observable<T>`,
    proves: [
      'marble-tests/connection/inputs.marbles.ts › are evaluated at each attempt, with its number',
      'spec/contract/connection.spec.ts › evaluates params and token again for each attempt',
    ],
  },
  {
    name: 'heeds the first value of a stream alone',
    file: 'lib/connection/dynamic.ts',
    find: 'concat(value.pipe(spoken), NEVER)',
    replace: 'concat(value.pipe(spoken, filter((_value, i) => i === 0)), NEVER)',
    proves: [
      'marble-tests/channel/join-params.marbles.ts › from a stream rejoin with each new value, and fail the push in flight',
      'marble-tests/connection/input-streams.marbles.ts › reconnect with each new value, and show connecting meanwhile',
      'spec/contract/connection.spec.ts › reconnects when a stream gives a new token',
    ],
  },
  {
    name: 'puts all channels on one connection',
    file: 'lib/connection/kept-connection.ts',
    find: 'load(each) < context.settings.channelsPerConnection',
    replace: 'load(each) < Infinity',
    proves: [
      'marble-tests/channel/limits.marbles.ts › channelsPerConnection spreads them, invisibly; a connection goes with its last channel',
    ],
  },
  {
    name: 'lets no deadline pass',
    file: 'lib/connection/within.ts',
    find: 'if (error) this.subscriber.error(error)',
    replace: 'if (error) void this.subscriber',
    proves: [
      'marble-tests/channel/push-outcome.marbles.ts › with PushTimeout, which has whether it was sent',
      'marble-tests/channel/rejoin.marbles.ts › without an answer is left first, then retried; a late answer is ignored',
      'spec/contract/push.spec.ts › S6: errors with PushTimeout when no reply comes',
    ],
  },
  {
    name: 'passes a deadline late',
    file: 'lib/connection/within.ts',
    find: 'this.await(limited.startedAt, this.timeoutMs)',
    replace: 'this.await(limited.startedAt, this.timeoutMs + 1)',
    proves: ['marble-tests/connection/within.marbles.ts › errors when the source has not ended in time'],
  },
  {
    name: 'lets more joins be in flight than the option says',
    file: 'lib/connection/socket-options.ts',
    find: 'serializer: serializerFor(',
    replace: `joinsInFlight: 100,
    serializer: serializerFor(`,
    proves: [
      'marble-tests/channel/rejoin.marbles.ts › are limited; the time of each counts from its sending',
    ],
  },
  {
    name: 'tells a policy of one failure always',
    file: 'lib/connection/retry-by.ts',
    find: 'const delay = retrying.decide(cause, failures)',
    replace: 'const delay = retrying.decide(cause, 1)',
    proves: [
      'marble-tests/channel/rejoin.marbles.ts › is retried if the policy decides so, which sees the cause and the number of failures',
      'marble-tests/connection/reconnect.marbles.ts › calls the policy with the cause and the number of failures, and waits as long as it shows',
    ],
  },
  {
    name: 'does not try again',
    file: 'lib/connection/retry-by.ts',
    find: 'merge(over$, of(shown)).pipe(before(again$))',
    replace: 'merge(over$, of(shown))',
    proves: [
      'marble-tests/channel/rejoin.marbles.ts › through waiting, joining and joined again; on() and messages$ neither repeat nor err',
      'marble-tests/connection/reconnect.marbles.ts › reconnects after close code %i: %s',
      'spec/contract/channel.spec.ts › S7: keeps its subscribers over a lost connection, and emits nothing twice',
      'spec/contract/connection.spec.ts › comes back after %s, and shows why it was lost',
      'marble-tests/channel/rejoin.marbles.ts › phx_error: errored, then joined again by the policy',
      'spec/contract/channel.spec.ts › S8: rejoins after a crash, and shows that it crashed',
    ],
  },
  {
    name: 'does not linger',
    file: 'lib/connection/socket-options.ts',
    find: 'serializer: serializerFor(',
    replace: `lingerMs: 0,
    serializer: serializerFor(`,
    proves: [
      'marble-tests/channel/share.marbles.ts › finds everything as it was for a subscriber that comes back meanwhile',
      'marble-tests/channel/share.marbles.ts › leaves and closes so long after the last unsubscribe',
    ],
  },
  {
    name: 'lingers though it was not asked to',
    file: 'lib/connection/socket-options.ts',
    find: '  lingerMs: 0,',
    replace: '  lingerMs: 1,',
    proves: [
      'marble-tests/channel/share.marbles.ts › connects, joins, pushes, gets the reply, leaves and closes',
      'marble-tests/channel/share.marbles.ts › joins once for two, shows the second the current state, and leaves and closes after both',
      'marble-tests/channel/share.marbles.ts › takes one event and goes',
      'marble-tests/channel/share.marbles.ts › joins late for a channel of a socket that is open, and leaves while the socket stays',
      'marble-tests/connection/share.marbles.ts › connects for the first subscriber, shares with the second, and closes after the last',
      'marble-tests/channel/push-outcome.marbles.ts › one that is not sent is never sent',
      'spec/contract/push.spec.ts › leaves the topic when unsubscribed in any state',
    ],
  },
  {
    name: 'keeps a timer of a wait that is over',
    file: 'lib/connection/retry-by.ts',
    find: 'merge(timer(delay, scheduler), retryNow$)',
    replace: '(scheduler.schedule(() => undefined, 9 * delay), merge(timer(delay, scheduler), retryNow$))',
    proves: ['marble-tests/channel/leaks.marbles.ts › leaves no timer and no subscription behind, %s'],
  },
  {
    name: 'counts the failures of attempts for ever',
    file: 'lib/connection/retry-by.ts',
    find: `const proved = (): void => {
      failures = 0`,
    replace: `const proved = (): void => {
      failures += 0`,
    proves: [
      'marble-tests/connection/attempts.marbles.ts › counts from zero again after the reply to the first heartbeat',
    ],
  },
  {
    name: 'sends heartbeats though they are turned off',
    file: 'lib/connection/socket-options.ts',
    find: 'serializer: serializerFor(',
    replace: `heartbeatIntervalMs: options.heartbeatIntervalMs || 30_000,
    serializer: serializerFor(`,
    proves: ['marble-tests/connection/heartbeat.marbles.ts › are turned off by an interval of 0'],
  },
  {
    name: 'sends heartbeats by an interval of its own',
    file: 'lib/connection/socket-options.ts',
    find: 'serializer: serializerFor(',
    replace: `heartbeatIntervalMs: 30_000,
    serializer: serializerFor(`,
    proves: [
      'marble-tests/connection/heartbeat.marbles.ts › abandon a connection immediately if it does not answer in time, and reconnect',
      'marble-tests/connection/heartbeat.marbles.ts › go out one interval after the connection opened, then one interval after each reply',
      'marble-tests/connection/heartbeat.marbles.ts › let nothing of the late reply through: the next connection sends its own',
      'spec/contract/connection.spec.ts › abandons a server that stays silent, and reconnects',
    ],
  },
  {
    name: 'gives an attempt the default time',
    file: 'lib/connection/socket-options.ts',
    find: 'serializer: serializerFor(',
    replace: `connectTimeoutMs: 10_000,
    serializer: serializerFor(`,
    proves: [
      'marble-tests/connection/transport.marbles.ts › abandons an attempt that does not open in time, with ConnectTimeout',
      'marble-tests/connection/inputs.marbles.ts › count into connectTimeoutMs',
    ],
  },
  {
    name: 'stays connected in a pause',
    file: 'lib/connection/operators.ts',
    find: 'pause ? of(paused) : running$',
    replace: 'pause && !running$ ? of(paused) : running$',
    proves: [
      'marble-tests/connection/pause.marbles.ts › closes, stays closed, and connects afresh when it is over',
    ],
  },
  {
    name: 'hides why it waits',
    file: 'lib/connection/retry-by.ts',
    find: 'const shown = retrying.waiting(failures, delay, cause)',
    replace: 'const shown = retrying.waiting(failures, delay, undefined as never)',
    proves: [
      'marble-tests/connection/reconnect.marbles.ts › waits and connects again after %s, and shows the cause',
    ],
  },
  {
    name: 'asks once for each attempt',
    file: 'lib/connection/single-flight.ts',
    find: 'now - flight.beganAt < hungAfterMs',
    replace: 'hungAfterMs < 0',
    proves: [
      'spec/connection/single-flight.spec.ts › runs once for attempts that are abandoned, and serves the attempt that waits when it settles',
    ],
  },
  {
    name: 'takes what is no function for a policy or a transport',
    file: 'lib/connection/checks.ts',
    find: "typeof value === 'function', argument",
    replace: 'value !== 0, argument',
    proves: [
      'spec/connection/socket-options.spec.ts › throws for an unusable %s, and names it, the value and what to do: %j',
    ],
  },
  {
    name: 'takes 0 for no number of milliseconds',
    file: 'lib/connection/checks.ts',
    find: '(orNone ? ms >= 0 : ms > 0)',
    replace: '(orNone ? ms > 0 : ms > 0)',
    proves: ['spec/connection/socket-options.spec.ts › takes every option that can work'],
  },
]
