/** A suite that can be run on a mutated copy; see `suites.ts` for its command. */
export type SuiteName = 'marbles' | 'specs' | 'contract' | 'chaos' | 'model'

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
    file: 'lib/channel/push.ts',
    find: 'this.#wire?.replies.delete(this.#ref)',
    replace: 'void this.#wire',
    caughtBy: ['chaos'],
  },
  {
    name: 'resends a push after a reconnect',
    file: 'lib/channel/push.ts',
    find: 'else if (sent) this.#fail(this.#session.loss())',
    replace: 'else this.#wire = undefined',
    caughtBy: ['marbles', 'contract', 'chaos'],
  },
  {
    name: 'says of a push that timed out that it was not sent',
    file: 'lib/channel/push.ts',
    find: 'sent: this.#wire !== undefined, timeoutMs',
    replace: 'sent: false, timeoutMs',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'never times a push out',
    file: 'lib/channel/push.ts',
    find: 'this.#fail(new PushTimeout(',
    replace: 'void (new PushTimeout(',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'leaves pushes in flight to time out when the connection is lost',
    file: 'lib/channel/push.ts',
    find: 'else if (sent) this.#fail(this.#session.loss())',
    replace: '',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'delivers messages of an old join',
    file: 'lib/channel/drop-stale.ts',
    find: ': joinRef !== current',
    replace: ': false && joinRef !== current',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'forgets to leave',
    file: 'lib/channel/membership.ts',
    find: "if (given === 'leave') leave(wire, topic, joinRef)",
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
    find: 'scheduler, Infinity)',
    replace: 'scheduler)',
    caughtBy: ['marbles'],
  },
  {
    name: 'waits for ever for a connection to open',
    file: 'lib/connection/connect.ts',
    find: 'throwError(() => new ConnectTimeout(connectTimeoutMs))',
    replace: 'new Observable<never>()',
    caughtBy: ['marbles', 'chaos'],
  },
  {
    name: 'keeps the place of a join that has ended',
    file: 'lib/connection/slots.ts',
    find: 'running -= 1',
    replace: 'running -= 0',
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
    file: 'lib/channel/by-event.ts',
    find: 'subscriber.next(payload)',
    replace: '(subscriber.next(payload), subscriber.next(payload))',
    caughtBy: ['marbles', 'contract', 'chaos'],
  },
  {
    name: 'keeps the session of a topic that has been left',
    file: 'lib/channel/sessions.ts',
    find: 'byTopic.delete(session.topic)',
    replace: 'void byTopic',
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
    file: 'lib/channel/drop-stale.ts',
    find: 'joinRef === null ? endsJoin(event) && ref !== null && ref !== current.joinRef : joinRef !== current.joinRef',
    replace: '!endsJoin(event) && joinRef !== null && joinRef !== current.joinRef',
    caughtBy: ['model'],
  },
  {
    name: 'takes a late "unmatched topic" for news of the new join',
    file: 'lib/channel/drop-stale.ts',
    find: ' && Number(message.ref) > Number(current)',
    replace: ' && current !== undefined',
    caughtBy: ['model'],
  },
  {
    name: 'shows a wait that is not the one that happens',
    file: 'lib/connection/retry-by.ts',
    find: 'const shown = waiting(failures, delay, cause)',
    replace: 'const shown = waiting(failures, delay + 1, cause)',
    caughtBy: ['model'],
  },
  {
    name: 'counts failures one behind',
    file: 'lib/connection/retry-by.ts',
    find: 'nextDelay(name, policy, cause, failures)',
    replace: 'nextDelay(name, policy, cause, failures - 1)',
    caughtBy: ['model'],
  },
  {
    name: 'never takes a connection to have proved itself by a join',
    file: 'lib/channel/join.ts',
    find: 'this.#wire.proved()',
    replace: 'void this.#wire',
    caughtBy: ['model'],
  },
  {
    name: 'leaves a join alone that was not answered in time',
    file: 'lib/channel/membership.ts',
    find: "this.forget(_tag === 'JoinTimeout' ? 'leave' : 'gone')",
    replace: "this.forget(_tag === 'JoinTimeout' ? 'gone' : 'gone')",
    caughtBy: ['model'],
  },
  {
    name: 'sends a join for somebody who has gone at the news of it',
    file: 'lib/channel/membership.ts',
    find: 'return attempts.closed',
    replace: 'return false',
    // The model comes upon it once in some 30,000 sequences.
    caughtBy: ['marbles'],
  },
  {
    name: 'counts a leave for ever, on a server that does not tell its end',
    file: 'lib/connection/leaving.ts',
    find: 'if (elapsedMs >= 0 && elapsedMs < TURN_MS) return',
    replace: 'if (elapsedMs >= 0) return',
    caughtBy: ['specs', 'marbles'],
  },
  {
    name: 'lets one join more be in flight than it may',
    file: 'lib/connection/slots.ts',
    find: 'this.#running < this.#limit',
    replace: 'this.#running <= this.#limit',
    caughtBy: ['model'],
  },
  {
    name: 'pushes into a connection that is lost',
    file: 'lib/channel/session.ts',
    find: 'joinRef && !wire?.closed ? wire : undefined',
    replace: 'joinRef ? wire : undefined',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'pushes into a join that is lost, when a policy does it',
    file: 'lib/channel/session.ts',
    find: "=== 'joined' && joinRef && ",
    replace: "=== 'joined' && ",
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'joins again for nobody, who left within the leave of a join that timed out',
    file: 'lib/channel/membership.ts',
    find: 'if (!join.over) this.#retry(error)',
    replace: 'this.#retry(error)',
    caughtBy: ['marbles'],
  },
  {
    name: 'sends a push twice that is joined while the trace is told of it',
    file: 'lib/channel/push.ts',
    find: "this.#tell('start')\n    this.#session.addPush(this)",
    replace: "this.#session.addPush(this)\n    this.#tell('start')",
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'has whoever sends pay for a transport that throws',
    file: 'lib/connection/wire.ts',
    find: 'this.#lost(error)',
    replace: 'throw error',
    caughtBy: ['marbles'],
  },
  {
    name: 'tells the pushes of a loss before the state has changed',
    file: 'lib/channel/audience.ts',
    find: 'const { state } = session\n',
    replace: 'const { state } = session\n    for (const push of this.#pushes ?? NOBODY) push.follow(state)\n',
    caughtBy: ['model'],
  },
  {
    name: 'lingers from the first unsubscribe and not from the last',
    file: 'lib/channel/sessions.ts',
    find: `session.lingering?.unsubscribe()
    session.lingering = undefined
    session.users += 1`,
    replace: 'session.users += 1',
    caughtBy: ['model'],
  },
  {
    name: 'lets a join be an excuse for silence though it was not answered in time',
    file: 'lib/channel/join.ts',
    find: 'wire.joining.suspect()',
    replace: 'void wire',
    caughtBy: ['model'],
  },
  {
    name: 'holds a topic with other options as if they were the same',
    file: 'lib/channel/sessions.ts',
    find: 'if (found.users > 0) throw new AlreadyJoined({ topic, option })',
    replace: 'if (found.users > 1) throw new AlreadyJoined({ topic, option })',
    caughtBy: ['model'],
  },
  {
    name: 'passes a deadline one too early',
    file: 'lib/connection/deadlines.ts',
    find: 'deadline.setAt + this.timeoutMs - now',
    replace: 'deadline.setAt + this.timeoutMs - now - 1_000',
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
    file: 'lib/connection/connect.ts',
    find: 'merge(url.changes$, params.changes$, authToken.changes$)',
    replace: 'merge(params.changes$, authToken.changes$)',
    caughtBy: ['model'],
  },
  {
    name: 'does not evaluate functions again when a stream has a new value',
    file: 'lib/connection/connect.ts',
    find: 'changesOf(inputs).pipe(filter(() => evaluated))',
    replace: 'new Observable<never>()',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'stops for good when a url or params cannot be had',
    file: 'lib/connection/line.ts',
    find: 'name === cause.input && fixed',
    replace: 'name === cause.input && fixed !== undefined',
    caughtBy: ['model', 'marbles'],
  },
  {
    name: 'gives the inputs more time than an attempt has',
    file: 'lib/connection/connect.ts',
    find: '.pipe(\n        inTime(connectTimeoutMs),',
    replace: '.pipe(\n        inTime(2 * connectTimeoutMs),',
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
    file: 'lib/connection/pause.ts',
    find: 'concatMap((pause) => of(pause)),',
    replace: '',
    caughtBy: ['marbles'],
  },
]
