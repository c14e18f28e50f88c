import { type RowMutant } from '../row-mutant.ts'

export const awaitingRows: readonly RowMutant[] = [
  {
    name: 'rejects with another error than ChannelClosed when the channel ends first',
    file: 'lib/awaiting/when-joined.ts',
    find: 'ended: () => new ChannelClosed({ topic, sent: false })',
    replace: "ended: () => new Error('over')",
    proves: [
      'marble-tests/awaiting/awaiting.marbles.ts › rejects when the join is refused, and when the server closes the channel first',
    ],
  },
  {
    name: 'forgets why the channel is not joined',
    file: 'lib/awaiting/when-joined.ts',
    find: 'timeoutMs, cause: failed.cause() }',
    replace: 'timeoutMs }',
    proves: [
      'marble-tests/awaiting/awaiting.marbles.ts › rejects with AwaitTimeout, whose cause is why it is not joined',
    ],
  },
  {
    name: 'takes a socket that connects for one that is open',
    file: 'lib/awaiting/when-open.ts',
    find: "state.status === 'open'",
    replace: "state.status !== 'idle'",
    proves: [
      'marble-tests/awaiting/awaiting.marbles.ts › resolves when the socket is open, and lets it go then',
    ],
  },
  {
    name: 'takes any message for the next one of the event',
    file: 'lib/awaiting/next-message.ts',
    find: 'channel.on(event), channel',
    replace: 'channel.messages$ as never, channel',
    proves: [
      'marble-tests/awaiting/awaiting.marbles.ts › resolves with the first payload that comes after the call',
    ],
  },
  {
    name: 'takes a channel that joins for one that is joined',
    file: 'lib/awaiting/when-joined.ts',
    find: "state.status === 'joined'",
    replace: "state.status !== 'waiting'",
    proves: ['marble-tests/awaiting/awaiting.marbles.ts › resolves with the reply of the server to the join'],
  },
  {
    name: 'stays subscribed when a loop is left',
    file: 'lib/awaiting/each-value.ts',
    find: 'this.stream$.pipe(takeUntil(this.over$)).subscribe({',
    replace: `void takeUntil
    this.stream$.subscribe({`,
    proves: [
      'spec/awaiting/each-value.spec.ts › subscribes at the first next, once for each loop, and unsubscribes when a loop is left',
    ],
  },
]
