/** A suite that can be run on a mutated copy; see `suites.ts` for its command. */
export type SuiteName = 'marbles' | 'specs' | 'contract' | 'chaos' | 'model' | 'crash'

/** One known bug, put into a copy of the library by a change of its text. */
export interface Mutant {
  /** What the client does wrong, as a predicate: "resends a push after a reconnect". */
  readonly name: string
  readonly file: string
  /** Occurs exactly once in the file. Short, so that it outlives changes around it. */
  readonly find: string
  readonly replace: string
  /** The suites that fail with it; `npm run mutants` shows whether they do. */
  readonly caughtBy: readonly [SuiteName, ...SuiteName[]]
}

/** Bugs that clients of Phoenix have had, or could have. */
export const mutants: readonly Mutant[] = [
  {
    name: 'never clears the table of awaited replies',
    file: 'lib/connection/awaited-reply.ts',
    find: 'this.replies.delete(this.ref)',
    replace: 'void this',
    caughtBy: ['chaos'],
  },
  {
    name: 'resends a push after a reconnect',
    file: 'lib/channel/push.ts',
    find: "if (status !== 'joined') this.answers?.error(topic.loss())",
    replace: "if (status !== 'joined') this.wire = undefined",
    caughtBy: ['marbles', 'contract', 'chaos'],
  },
  {
    name: 'says of a push that timed out that it was not sent',
    file: 'lib/channel/push.ts',
    find: 'sent: pending.sent, timeoutMs })',
    replace: 'sent: false && pending.sent, timeoutMs })',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'never times a push out',
    file: 'lib/channel/push.ts',
    find: 'topic.context.limits, late)',
    replace: 'topic.context.limits, () => (late(), undefined))',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'leaves pushes in flight to time out when the connection is lost',
    file: 'lib/channel/push.ts',
    find: "if (status !== 'joined') this.answers?.error(topic.loss())",
    replace: 'void topic',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'delivers messages of an old join',
    file: 'lib/channel/membership.ts',
    find: ': joinRef !== this.joinRef',
    replace: ': false && joinRef !== this.joinRef',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'forgets to leave',
    file: 'lib/channel/membership.ts',
    find: 'if (leaving) leave(wire, this.topic.name, joinRef)',
    replace: 'void leave',
    caughtBy: ['marbles', 'contract', 'chaos'],
  },
  {
    name: 'never gives a connection up that is silent',
    file: 'lib/connection/heartbeat.ts',
    find: 'throwError(() => new HeartbeatTimeout(deadlineMs))',
    replace: 'NEVER',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'probes a dead connection for ever where every timer is late',
    file: 'lib/connection/heartbeat.ts',
    find: 'beat(wire, probeDeadlineMs(deadlineMs), Infinity)',
    replace: 'beat(wire, probeDeadlineMs(deadlineMs))',
    caughtBy: ['marbles'],
  },
  {
    name: 'waits for ever for a connection to open',
    file: 'lib/connection/connect.ts',
    find: 'this.subscriber.error(new ConnectTimeout(this.timeoutMs))',
    replace: 'void ConnectTimeout',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'keeps the place of a join that has ended',
    file: 'lib/connection/join-turns.ts',
    find: 'this.running -= 1',
    replace: 'this.running -= 0',
    caughtBy: ['specs', 'marbles'],
  },
  {
    name: 'counts the failures of attempts for ever',
    file: 'lib/connection/retry-by.ts',
    find: `const proved = (): void => {
      failures = 0`,
    replace: `const proved = (): void => {
      failures += 0`,
    caughtBy: ['marbles'],
  },
  {
    name: 'skips the diffs of presence',
    file: 'lib/presence/presence-fold.ts',
    find: 'syncDiff(state, diff, onChange))',
    replace: 'state)',
    caughtBy: ['marbles', 'contract', 'chaos'],
  },
  {
    name: 'loses the diffs that come before the list of presence',
    file: 'lib/presence/presence-fold.ts',
    find: '(waiting ?? []).reduce(',
    replace: '([] as PresenceDiff[]).reduce(',
    caughtBy: ['marbles'],
  },
  {
    name: 'takes a patch of a live state that has skipped one',
    file: 'lib/live-state/versioned-state.ts',
    find: "if (version !== 0 || whole.version === 0) return 'gap'",
    replace: 'if (version !== 0 || whole.version === 0) return maxVersion',
    caughtBy: ['specs', 'marbles'],
  },
  {
    name: 'tells each subscriber of an event twice',
    file: 'lib/channel/listeners.ts',
    find: 'subscriber.next(payload)',
    replace: '(subscriber.next(payload), subscriber.next(payload))',
    caughtBy: ['marbles', 'contract', 'chaos'],
  },
  {
    name: 'keeps the session of a topic that has been left',
    file: 'lib/channel/held-topics.ts',
    find: 'topics.delete(name)',
    replace: 'void topics',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'never closes a connection',
    file: 'lib/transport/platform-node.ts',
    find: 'ws.close(1000)',
    replace: 'void ws',
    caughtBy: ['specs', 'contract', 'chaos'],
  },
  {
    name: 'takes the end of an old join for that of the new one',
    file: 'lib/channel/membership.ts',
    find: 'joinRef === null ? endsJoin && ref !== null && ref !== this.joinRef : joinRef !== this.joinRef',
    replace: '!endsJoin && joinRef !== null && joinRef !== this.joinRef',
    caughtBy: ['model'],
  },
  {
    name: 'takes a late "unmatched topic" for news of the new join',
    file: 'lib/channel/membership.ts',
    find: ' && Number(message.ref) > Number(this.joinRef)',
    replace: ' && this.joinRef !== undefined',
    caughtBy: ['model'],
  },
  {
    name: 'shows a wait that is not the one that happens',
    file: 'lib/connection/retry-by.ts',
    find: 'const shown = retrying.waiting(failures, delay, cause)',
    replace: 'const shown = retrying.waiting(failures, delay + 1, cause)',
    caughtBy: ['model'],
  },
  {
    name: 'counts failures one behind',
    file: 'lib/connection/retry-by.ts',
    find: 'nextDelay(retrying, cause, failures)',
    replace: 'nextDelay(retrying, cause, failures - 1)',
    caughtBy: ['model'],
  },
  {
    name: 'never takes a connection to have proved itself by a join',
    file: 'lib/channel/join.ts',
    find: 'wire.proved()',
    replace: 'void wire',
    caughtBy: ['model'],
  },
  {
    name: 'leaves a join alone that was not answered in time',
    file: 'lib/channel/membership.ts',
    find: "this.forget(cause._tag === 'JoinTimeout' || ",
    replace: 'this.forget(',
    caughtBy: ['model'],
  },
  {
    name: 'sends a join for somebody who has gone at the news of it',
    file: 'lib/connection/operators.ts',
    find: `use(subscriber)
      if (!subscriber.closed) source$`,
    replace: `use(subscriber)
      source$`,
    caughtBy: ['marbles'],
  },
  {
    name: 'counts a leave for ever, on a server that does not tell its end',
    file: 'lib/connection/leaves.ts',
    find: '&& now - sentAt < FORGOTTEN_AFTER_MS) return',
    replace: ') return',
    caughtBy: ['specs', 'marbles'],
  },
  {
    name: 'lets one join more be in flight than it may',
    file: 'lib/connection/join-turns.ts',
    find: 'this.running < this.limit',
    replace: 'this.running <= this.limit',
    caughtBy: ['model'],
  },
  {
    name: 'pushes into a connection that is lost',
    file: 'lib/channel/topic.ts',
    find: 'joinRef && !wire?.closed ? wire : undefined',
    replace: 'joinRef ? wire : undefined',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'pushes into a join that is lost, when a policy does it',
    file: 'lib/channel/topic.ts',
    find: "=== 'joined' && joinRef && ",
    replace: "=== 'joined' && ",
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'sends a push twice that is joined while the trace is told of it',
    file: 'lib/channel/push.ts',
    find: `    pending.report('start')
    if (subscriber.closed) return
`,
    replace: `    queueMicrotask(() => { pending.report('start') })
`,
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'has whoever sends pay for a transport that throws',
    file: 'lib/connection/wire.ts',
    find: `this.lost(error)
      return right(false)`,
    replace: 'throw error',
    caughtBy: ['marbles'],
  },
  {
    name: 'tells the pushes of a loss before the state has changed',
    file: 'lib/channel/listeners.ts',
    find: '    for (const observer of observers) if (isCurrent()) observer.next(state)',
    replace: `    for (const push of this.pending ?? []) push.follow(state)
    for (const observer of observers) if (isCurrent()) observer.next(state)`,
    caughtBy: ['model'],
  },
  {
    name: 'lingers from the first unsubscribe and not from the last',
    file: 'lib/channel/topic.ts',
    find: `    this.lingering?.unsubscribe()
    this.lingering = undefined
    this.users += 1`,
    replace: '    this.users += 1',
    caughtBy: ['model'],
  },
  {
    name: 'lets a join be an excuse for silence though it was not answered in time',
    file: 'lib/channel/join.ts',
    find: 'wire.turns.suspect(true)',
    replace: 'void wire',
    caughtBy: ['model'],
  },
  {
    name: 'holds a topic with other options as if they were the same',
    file: 'lib/channel/held-topics.ts',
    find: 'if (found.users > 0) throw new AlreadyJoined',
    replace: 'if (found.users > 1) throw new AlreadyJoined',
    caughtBy: ['model'],
  },
  {
    name: 'takes no new value of a stream of urls, params or tokens',
    file: 'lib/connection/dynamic.ts',
    find: 'concat(value.pipe(spoken), NEVER)',
    replace: 'concat(value.pipe(spoken, filter((_, i) => i === 0)), NEVER)',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'lets a wait go on though there is a new url',
    file: 'lib/connection/inputs.ts',
    find: 'anyOf(...all.map(({ changes$ }) => changes$))',
    replace: 'anyOf(...all.slice(1).map(({ changes$ }) => changes$))',
    caughtBy: ['model'],
  },
  {
    name: 'does not evaluate functions again when a stream has a new value',
    file: 'lib/connection/connect.ts',
    find: 'unlessEmpty(inputs.changes$, (changes$) => changes$.pipe(filter(() => opening?.evaluated === true)))',
    replace: 'new Observable<never>()',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'stops for good when a url or params cannot be had',
    file: 'lib/connection/inputs.ts',
    find: 'fixed && name === error.input',
    replace: 'name === error.input',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'gives the inputs more time than an attempt has',
    file: 'lib/connection/connect.ts',
    find: 'limits(this.timeoutMs)',
    replace: 'limits(2 * this.timeoutMs)',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'has a stream that has failed asked within a wait, and ends the wait by its answer',
    file: 'lib/connection/dynamic.ts',
    find: 'pipe(retry({ delay: () => asked$ }), share())',
    replace: 'pipe(catchError(() => EMPTY))',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'lets a stream go for good that has failed once',
    file: 'lib/connection/dynamic.ts',
    find: 'pipe(retry({ delay: () => asked$ }), share())',
    replace: 'pipe(catchError(() => EMPTY), share({ resetOnComplete: false }))',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'loses sight of what is opened while a link is closed for a pause',
    file: 'lib/connection/operators.ts',
    find: 'concatMap((pause) => of(pause)),',
    replace: '',
    caughtBy: ['marbles'],
  },
  {
    name: 'commits a message before its handler is done',
    file: 'lib/durable/process-with.ts',
    find: 'complete: () => {',
    replace: 'subscribe: () => {',
    caughtBy: ['marbles', 'model', 'crash'],
  },
]
