import { type RowMutant } from '../row-mutant.ts'

export const aroundRows: readonly RowMutant[] = [
  {
    name: 'dials on the server side of a page',
    file: 'lib/angular/provide-phoenix-socket.ts',
    find: 'pause: of(true) })',
    replace: 'pause: of(false) })',
    proves: [
      'spec/angular/provide.spec.ts › connects nowhere on the server side of SSR, and takes a relative address there',
    ],
  },
  {
    name: 'lets no builder choose the event',
    file: 'lib/server/live-state-channel.ts',
    find: 'messageBuilder.updateState?.(from, to, version, messageBuilder.options) ??',
    replace: '(messageBuilder.updateState && undefined) ??',
    proves: [
      'spec/server/live-state-channel.spec.ts › builds its messages with a message builder and its events',
    ],
  },
  {
    name: 'pushes events behind the patch of their step',
    file: 'lib/server/live-state-channel.ts',
    find: `for (const event of result.events) push(channel, dialect.custom(event))
    const version = nextVersion(channel)
    push(channel, update(channel, stateOf(channel), result.state, version))`,
    replace: `const version = nextVersion(channel)
    push(channel, update(channel, stateOf(channel), result.state, version))
    for (const event of result.events) push(channel, dialect.custom(event))`,
    proves: [
      'spec/server/live-state-channel.spec.ts › handles messages of the server, with events before the patch',
      'spec/contract/live-state.spec.ts › hears events, which come before the patch of their step',
    ],
  },
  {
    name: 'does nothing for what nothing handles',
    file: 'lib/server/live-state-channel.ts',
    find: `        : next(state)
      advance(channel, result)
    },
    handleInfo`,
    replace: `        : undefined
      if (result) advance(channel, result)
    },
    handleInfo`,
    proves: [
      'spec/server/live-state-channel.spec.ts › of the dialect %s answers what nothing handles by an empty patch and the next version',
    ],
  },
  {
    name: 'stops after an init that failed',
    file: 'lib/server/live-state-channel.ts',
    find: '(assigns[stateKey] ?? null) as S',
    replace: '(assigns[stateKey] ?? {}) as S',
    proves: [
      'spec/server/live-state-channel.spec.ts › runs its handlers with a state of null after an init that failed, and sends the first state by a patch',
    ],
  },
  {
    name: 'gives every reply to a push the status ok',
    file: 'lib/server/channel-process.ts',
    find: 'ref: pushRef, topic }, status, response)',
    replace: "ref: pushRef, topic }, 'ok', response)",
    proves: [
      'spec/server/real-clients/phoenix.spec.ts › joins, pushes and gets the replies: ok, error, none',
    ],
  },
  {
    name: 'compresses nothing',
    file: 'examples/gzip-frames/gzip-serializer.ts',
    find: 'frame.length < WORTH_IT_CHARACTERS ? encoded',
    replace: 'frame.length < 1e9 * WORTH_IT_CHARACTERS ? encoded',
    proves: ['spec/examples/gzip-frames.spec.ts › compresses long frames, and reads both kinds'],
  },
]
