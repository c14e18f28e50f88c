import { type RowMutant } from '../row-mutant.ts'

export const channelRows: readonly RowMutant[] = [
  {
    name: 'takes other options for the same',
    file: 'lib/channel/channel-options.ts',
    find: '!sameValue(options[option], inForce[option])',
    replace: '!sameValue(options[option], options[option])',
    proves: [
      'marble-tests/channel/one-join.marbles.ts › gives AlreadyJoined to a subscriber with other options alone; once free, the new options hold',
      'spec/contract/channel.spec.ts › S3: shares one join between handles, and rejects other options',
    ],
  },
  {
    name: 'makes a join for each handle',
    file: 'lib/channel/channel.ts',
    find: 'hold(subscriber, parts, attach)',
    replace: 'hold(subscriber, { ...parts, topic: `${parts.topic}${Math.random()}` }, attach)',
    proves: ['marble-tests/channel/one-join.marbles.ts › shares one join between two handles'],
  },
  {
    name: 'times a push by the default of the library',
    file: 'lib/channel/channel.ts',
    find: 'push(topic, outgoing, timeoutMs)',
    replace: 'push(topic, outgoing, timeoutMs ?? 10_000)',
    proves: [
      'marble-tests/channel/one-join.marbles.ts › times a push by the timeout that the topic is held with',
    ],
  },
  {
    name: 'sends a push for its first subscriber alone',
    file: 'lib/channel/channel.ts',
    find: '(topic, subscriber) => push(topic, outgoing, timeoutMs).subscribe(subscriber)',
    replace: `(topic, subscriber) =>
    Object.isFrozen(outgoing) ? undefined : push(topic, Object.freeze(outgoing), timeoutMs).subscribe(subscriber)`,
    proves: [
      'marble-tests/channel/push-order.marbles.ts › a second subscriber sends again, and so does repeat() or retry()',
    ],
  },
  {
    name: 'ends a closed channel for its subscribers alone, and not for what is made of it',
    file: 'lib/channel/listeners.ts',
    find: 'for (const each of this.everybody()) each.complete()',
    replace: 'for (const each of this.observers) each.complete()',
    proves: [
      'marble-tests/channel/rejoin.marbles.ts › phx_close: closed, then complete, for all that is derived from the channel',
    ],
  },
  {
    name: 'shows a channel as idle always',
    file: 'lib/channel/channel.ts',
    find: 'return this.parts().topics.stateOf(this.topic)',
    replace: "return { status: 'idle' }",
    proves: ['marble-tests/channel/share.marbles.ts › answers `state` without a subscription'],
  },
  {
    name: 'waits for a reply to what wants none',
    file: 'lib/channel/channel.ts',
    find: 'pushed(this.parts(), event, payload, false, options)',
    replace: 'pushed(this.parts(), event, payload, true, options)',
    proves: [
      'marble-tests/channel/share.marbles.ts › joins for a send, and leaves once it is sent',
      'spec/contract/push.spec.ts › sends events without a reply, and completes',
    ],
  },
  {
    name: 'gives what belongs to an old join',
    file: 'lib/channel/membership.ts',
    find: ': joinRef !== this.joinRef',
    replace: ': !joinRef',
    proves: [
      'marble-tests/channel/stale.marbles.ts › drops and traces a late %s of the old join',
      'spec/contract/channel.spec.ts › S4: sees nothing of a join that was replaced, not even its late close',
    ],
  },
  {
    name: 'drops what has no join_ref',
    file: 'lib/channel/membership.ts',
    find: 'joinRef === null ?',
    replace: 'joinRef === undefined ?',
    proves: [
      'marble-tests/channel/stale.marbles.ts › passes messages without a join_ref: broadcasts have none',
      'spec/contract/channel.spec.ts › receives broadcasts of others and its own, and intercepted ones',
    ],
  },
  {
    name: 'tells the first subscriber of an event alone',
    file: 'lib/channel/listeners.ts',
    find: 'for (const subscriber of listeners) subscriber.next(payload)',
    replace: 'for (const subscriber of listeners.slice(0, 1)) subscriber.next(payload)',
    proves: ['marble-tests/channel/throwing.marbles.ts › keeps the other subscribers when %s throws'],
  },
  {
    name: 'tells nobody of a payload that a decoder rejects',
    file: 'lib/channel/decode-with.ts',
    find: '        skipped(error)',
    replace: '        void skipped',
    proves: ['spec/channel/decode-with.spec.ts › skips and traces a payload that %s rejects'],
  },
  {
    name: 'lets a decoder throw',
    file: 'lib/channel/decode-with.ts',
    find: 'return left(error)',
    replace: 'throw error',
    proves: [
      'spec/channel/decode-with.spec.ts › treats a decoder that throws as one that rejects the payload',
    ],
  },
  {
    name: 'lets a user push events of the protocol',
    file: 'lib/channel/channel.ts',
    find: '!isReservedEvent(event),',
    replace: '!isReservedEvent(event) || event !== undefined,',
    proves: ['spec/channel/arguments.spec.ts › throws InvalidArgument for %s'],
  },
  {
    name: 'does not read the log for whoever comes late',
    file: 'lib/channel/folds.ts',
    find: 'for (const message of log) fold.receive(message)',
    replace: 'for (const message of log.slice(0, 0)) fold.receive(message)',
    proves: [
      'marble-tests/presence/presence.marbles.ts › is folded while nobody is subscribed to it, and also if it was first called after the join',
    ],
  },
  {
    name: 'lets a state outlive its channel',
    file: 'lib/channel/channel.ts',
    find: 'topic.listeners.add(END, subscriber)',
    replace: '() => undefined',
    proves: [
      'marble-tests/live-state/live-state.marbles.ts › completes when the server closes the channel, and errors when the join is refused',
      'marble-tests/presence/presence.marbles.ts › completes with everything made of it when the server closes the channel',
    ],
  },
  {
    name: 'hands a push over whatever is buffered',
    file: 'lib/channel/channel.ts',
    find: 'wantsReply, highWaterMark }',
    replace: 'wantsReply, highWaterMark: undefined }',
    proves: [
      'marble-tests/channel/back-pressure.marbles.ts › keeps pushes and sends waiting, in order, until no more than that is buffered; others overtake them',
    ],
  },
]
