import { type RowMutant } from '../row-mutant.ts'

export const liveStateRows: readonly RowMutant[] = [
  {
    name: 'forgets the state between joins',
    file: 'lib/live-state/versioned-state.ts',
    find: "whole ? { status: 'stale', whole, maxVersion }",
    replace: "whole && false ? { status: 'stale', whole, maxVersion }",
    proves: [
      'marble-tests/live-state/live-state.marbles.ts › is stale after a %s, and shows the state of the new join then',
      'marble-tests/live-state/repair.marbles.ts › asks once for the whole state, and keeps the last good one, stale, until it comes',
      'marble-tests/live-state/repair.marbles.ts › rejoins if the dialect has no refresh, and keeps the state meanwhile',
      'spec/live-state/versioned-state.spec.ts › keeps the last good state, stale, after %s',
      'spec/contract/live-state.spec.ts › is loaded again after a crash, and stale meanwhile',
    ],
  },
  {
    name: 'gives late subscribers of a state nothing until it changes',
    file: 'lib/live-state/shown-state.ts',
    find: 'map(([{ whole }]) => (whole ?',
    replace: 'map(([{ whole }], i) => (whole && i > 0 ?',
    proves: [
      'marble-tests/live-state/live-state.marbles.ts › S14: gives a late subscriber the current state immediately, without a rejoin',
    ],
  },
  {
    name: 'dispatches without the prefix of the dialect',
    file: 'lib/live-state/live-state.ts',
    find: 'channel.send(eventPrefix + name, detail)',
    replace: 'channel.send(name, detail)',
    proves: [
      'marble-tests/live-state/live-state.marbles.ts › dispatches events, which no reply answers, and fails like a push that could not be sent',
      'spec/contract/live-state.spec.ts › loads, follows dispatched events, and shares unchanged parts',
    ],
  },
  {
    name: 'does nothing with a patch',
    file: 'lib/live-state/versioned-state.ts',
    find: 'const patch = applyPatch(before, operations)',
    replace: 'const patch = applyPatch(before, [])',
    proves: [
      'marble-tests/live-state/live-state.marbles.ts › emits the state, and what the patches make of it',
      'spec/live-state/versioned-state.spec.ts › loads a whole state, and follows it by patches',
    ],
  },
  {
    name: 'tells late subscribers nothing of the error in place of a state',
    file: 'lib/live-state/live-state-fold.ts',
    find: 'errors$.pipe(startWith(value.error))',
    replace: 'errors$',
    proves: [
      'marble-tests/live-state/live-state.marbles.ts › has an error instead of a state, also for late subscribers, until there is a state',
    ],
  },
  {
    name: 'hears the events of every name',
    file: 'lib/live-state/live-state.ts',
    find: "lookUp(payload, 'name')?.value === name",
    replace: "lookUp(payload, 'name')?.value !== undefined",
    proves: ['marble-tests/live-state/live-state.marbles.ts › hears events of the server'],
  },
  {
    name: 'keeps a state for each call',
    file: 'lib/live-state/live-state.ts',
    find: "key: JSON.stringify(['live-state', change, patch])",
    replace: "key: JSON.stringify(['live-state', change, patch, Math.random()])",
    proves: [
      'marble-tests/live-state/live-state.marbles.ts › is one state and one join for two calls on a topic, and leaves its messages to on() as well',
    ],
  },
  {
    name: 'makes a new object for an empty patch',
    file: 'lib/live-state/json-patch.ts',
    find: 'let result = document',
    replace: 'let result = isContainer(document) ? copyOf(document) : document',
    proves: [
      'marble-tests/live-state/live-state.marbles.ts › raises the version and emits no state for an empty patch',
    ],
  },
  {
    name: 'takes a dialect that it does not know',
    file: 'lib/live-state/dialects.ts',
    find: "if (typeof names[name] !== 'string')",
    replace: "if (typeof names[name] === 'symbol')",
    proves: ['marble-tests/live-state/live-state.marbles.ts › throws InvalidArgument for %j'],
  },
  {
    name: 'asks by a word of its own for the whole state',
    file: 'lib/live-state/live-state.ts',
    find: 'channel.send(refreshEvent, {})',
    replace: "channel.send('refresh', {})",
    proves: [
      'marble-tests/live-state/repair.marbles.ts › asks for the whole state by the word of the dialect',
    ],
  },
  {
    name: 'asks for the whole state again and again',
    file: 'lib/live-state/live-state-fold.ts',
    find: 'if (!repairing.closed) return',
    replace: 'if (repairing.closed && false) return',
    proves: [
      'marble-tests/live-state/repair.marbles.ts › asks once for the whole state, and keeps the last good one, stale, until it comes',
    ],
  },
  {
    name: 'never repairs a state that a decoder rejects',
    file: 'lib/live-state/live-state-fold.ts',
    find: "if (value.status === 'live' && value.whole === whole) take",
    replace: "if (value.status !== 'live' && value.whole === whole) take",
    proves: [
      'marble-tests/live-state/repair.marbles.ts › follows a state that the decoder rejects, which is traced',
    ],
  },
  {
    name: 'takes a wrap for a gap',
    file: 'lib/live-state/versioned-state.ts',
    find: "if (version !== 0 || whole.version === 0) return 'gap'",
    replace: "if (whole.version >= 0) return 'gap'",
    proves: [
      'marble-tests/live-state/repair.marbles.ts › is not due for the wrap after the maximum that the options give, but for a gap after it',
      'spec/contract/live-state.spec.ts › continues over the maximum version, with a separate state for each client',
    ],
  },
  {
    name: 'waits for a whole state that it cannot ask for',
    file: 'lib/live-state/live-state-fold.ts',
    find: 'if (dialect.refresh === undefined) return of(0)',
    replace: 'if (dialect.refresh === undefined) return timer(repairTimeoutMs, scheduler)',
    proves: ['marble-tests/live-state/repair.marbles.ts › rejoins immediately if the dialect has no refresh'],
  },
  {
    name: 'waits for ever for a whole state',
    file: 'lib/live-state/live-state-fold.ts',
    find: 'return timer(repairTimeoutMs, scheduler)',
    replace: 'return timer(9 * repairTimeoutMs, scheduler)',
    proves: ['marble-tests/live-state/repair.marbles.ts › rejoins once if no whole state comes in time'],
  },
  {
    name: 'overwrites where it should insert',
    file: 'lib/live-state/json-patch.ts',
    find: 'list.splice(index, 0, value)',
    replace: 'list.splice(index, 1, value)',
    proves: ['spec/live-state/json-patch.spec.ts › applies an operation as RFC 6902 says: %s'],
  },
  {
    name: 'names the wrong operation',
    file: 'lib/live-state/json-patch.ts',
    find: "return left({ _tag: 'PatchFailed', index, operation, reason: outcome.left })",
    replace: "return left({ _tag: 'PatchFailed', index: 0, operation, reason: outcome.left })",
    proves: [
      'spec/live-state/json-patch.spec.ts › reports which operation failed, and applies none of the others',
    ],
  },
  {
    name: 'takes the one dialect for the other',
    file: 'lib/live-state/dialects.ts',
    find: '? dialects[dialect] : dialect',
    replace: "? dialects['live-state'] : dialect",
    proves: ['spec/live-state/read-signal.spec.ts › gives a dialect by its name, or as it is'],
  },
  {
    name: 'reads the usual keys whatever the dialect says',
    file: 'lib/live-state/read-signal.ts',
    find: 'const key = isChange ? stateKey : operationsKey',
    replace: "const key = isChange ? stateKey && 'state' : operationsKey",
    proves: ['spec/live-state/read-signal.spec.ts › reads the keys of a custom dialect'],
  },
  {
    name: 'learns no maximum at a wrap',
    file: 'lib/live-state/versioned-state.ts',
    find: 'if (maxVersion === undefined) return { version: whole.version, given: false }',
    replace: 'if (maxVersion === undefined) return undefined',
    proves: ['spec/live-state/versioned-state.spec.ts › is learnt at the first wrap'],
  },
  {
    name: 'counts versions on from a whole state that follows the last',
    file: 'lib/live-state/versioned-state.ts',
    find: 'const whole = { state: share(versioned.whole?.state, state), version }',
    replace:
      'const whole = { state: share(versioned.whole?.state, state), version: versioned.whole ? versioned.whole.version + 1 : version }',
    proves: [
      'spec/live-state/versioned-state.spec.ts › takes a whole state of any version, as after a refresh or from a server that sends no patches',
    ],
  },
  {
    name: 'shares nothing with the state before',
    file: 'lib/live-state/json-patch.ts',
    find: 'const copy = copyOf(container)',
    replace: 'const copy = structuredClone(container) as typeof container',
    proves: [
      'spec/contract/live-state.spec.ts › loads, follows dispatched events, and shares unchanged parts',
    ],
  },
  {
    name: 'overlooks the error in place of a state',
    file: 'lib/live-state/read-signal.ts',
    find: 'if (event === error) return',
    replace: 'if (event === error && !payload) return',
    proves: [
      'spec/contract/live-state.spec.ts › has an error where init failed, and a refused join is one of the channel',
    ],
  },
]
