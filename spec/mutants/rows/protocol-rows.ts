import { type RowMutant } from '../row-mutant.ts'

export const protocolRows: readonly RowMutant[] = [
  {
    name: 'gives binary payloads as another type than ArrayBuffer',
    file: 'lib/protocol/binary-v2.ts',
    find: 'return right(build(parts, data))',
    replace: 'return right(build(parts, new Uint8Array(data) as never))',
    proves: [
      'marble-tests/channel/binary.marbles.ts › come in as ArrayBuffers in pushes and broadcasts',
      'marble-tests/channel/binary.marbles.ts › go out as %s, and come back as an ArrayBuffer in the reply',
    ],
  },
  {
    name: 'writes a binary frame without its data',
    file: 'lib/protocol/binary-v2.ts',
    find: 'frame.set(data, offset)',
    replace: 'void offset',
    proves: ['spec/protocol/binary-v2.spec.ts › is a %s: kind, lengths, names, data'],
  },
  {
    name: 'sends the whole buffer behind a view',
    file: 'lib/protocol/bytes.ts',
    find: 'new Uint8Array(value.buffer, value.byteOffset, value.byteLength)',
    replace: 'new Uint8Array(value.buffer)',
    proves: [
      'marble-tests/channel/binary.marbles.ts › go out as %s, and come back as an ArrayBuffer in the reply',
    ],
  },
  {
    name: 'sends names that have no room in a binary frame',
    file: 'lib/protocol/binary-v2.ts',
    find: 'bytes.byteLength > MAX_PART_BYTES',
    replace: 'bytes.byteLength > 9 * MAX_PART_BYTES',
    proves: [
      'marble-tests/channel/binary.marbles.ts › have no form in version 1.0.0, and no room for a name over 255 bytes: InvalidPayload',
    ],
  },
  {
    name: 'puts the topic before the ref in a binary frame',
    file: 'lib/protocol/binary-v2.ts',
    find: `    ['ref', message.ref ?? ''],
    ['topic', message.topic],
    ['event', message.event],
  ])

/** `,
    replace: `    ['topic', message.topic],
    ['ref', message.ref ?? ''],
    ['event', message.event],
  ])

/** `,
    proves: ['spec/protocol/binary-v2.spec.ts › has join_ref, ref, topic and event, then the data'],
  },
  {
    name: 'counts refs down',
    file: 'lib/protocol/ref.ts',
    find: 'String(++last)',
    replace: 'String(99 + --last)',
    proves: [
      'marble-tests/channel/push-order.marbles.ts › refs are taken when a push is sent, so that they rise in the order of sending',
    ],
  },
  {
    name: 'begins refs with another one than "1"',
    file: 'lib/protocol/ref.ts',
    find: 'let last = 0',
    replace: 'let last = 1',
    proves: ['spec/protocol/reply.spec.ts › counts from "1" and shares nothing with another one'],
  },
  {
    name: 'overlooks the answer that says that a topic is not joined',
    file: 'lib/protocol/reply.ts',
    find: "=== 'unmatched topic'",
    replace: "=== 'unmatched'",
    proves: [
      'marble-tests/channel/push-outcome.marbles.ts › a topic that is not joined any more: PushRefused for the one, ChannelCrashed for the others, and a rejoin',
    ],
  },
  {
    name: 'knows two statuses of a reply and no others',
    file: 'lib/protocol/reply.ts',
    find: "typeof status === 'string'",
    replace: "status === 'ok' || status === 'error'",
    proves: [
      'marble-tests/channel/push-outcome.marbles.ts › with PushRefused for the status "%s", known or not',
      'spec/contract/push.spec.ts › S6: errors with PushRefused when the server answers %s',
    ],
  },
  {
    name: 'takes the whole payload of a reply for its response',
    file: 'lib/protocol/reply.ts',
    find: '? { status, response }',
    replace: '? { status, response: payload }',
    proves: [
      'marble-tests/channel/push-outcome.marbles.ts › with the response of an ok reply, and completes; a second reply is dropped',
      'spec/contract/channel.spec.ts › gives the reply of the join',
      'spec/contract/push.spec.ts › S6: emits one value and completes',
    ],
  },
  {
    name: 'sends null in place of a function',
    file: 'lib/protocol/parse-json.ts',
    find: "[undefined, '{}']",
    replace: "['{}']",
    proves: [
      'marble-tests/channel/push-outcome.marbles.ts › with InvalidPayload immediately, joined or not, for %s',
    ],
  },
  {
    name: 'sends messages without their join_ref',
    file: 'lib/protocol/json-v2.ts',
    find: '[message.joinRef, message.ref,',
    replace: '[null, message.ref,',
    proves: [
      'marble-tests/channel/stale.marbles.ts › is taken at every join, and goes with every push',
      'spec/protocol/json-v2.spec.ts › are arrays of join_ref, ref, topic, event and payload',
    ],
  },
  {
    name: 'takes what is no message for one',
    file: 'lib/protocol/parse-json.ts',
    find: "left({ _tag: 'NotAMessage', reason: reason || '' })",
    replace: "right({ joinRef: null, ref: null, topic: 'a', event: 'news', payload: reason } as never)",
    proves: [
      'marble-tests/connection/frames.marbles.ts › %s: is skipped and traced, and the connection stays open',
    ],
  },
  {
    name: 'trims topics',
    file: 'lib/protocol/message-of.ts',
    find: 'return right({ joinRef, ref, topic, event, payload })',
    replace: 'return right({ joinRef, ref, topic: topic.trim(), event, payload })',
    proves: ['spec/protocol/json-v2.spec.ts › keep every message as it was, whatever characters it holds'],
  },
  {
    name: 'carries a token in another alphabet',
    file: 'lib/protocol/auth-token.ts',
    find: 'base64url.bearer.phx.',
    replace: 'base64.bearer.phx.',
    proves: ['spec/protocol/auth-token.spec.ts › are those that a real server took'],
  },
  {
    name: 'does not say whether a close was clean',
    file: 'lib/protocol/connection-error.ts',
    find: '{ code, reason, wasClean },',
    replace: '{ code, reason },',
    proves: ['spec/protocol/connection-error.spec.ts › has code, reason and whether it was clean'],
  },
  {
    name: 'writes lists without brackets',
    file: 'lib/protocol/query.ts',
    find: "`${name}[${flat ? '' : key}]`",
    replace: 'flat ? name : `${name}[${key}]`',
    proves: ['spec/protocol/endpoint-params.spec.ts › reach a Plug server as they were, all values as text'],
  },
  {
    name: 'lets the query of the mount point win',
    file: 'lib/protocol/endpoint-url.ts',
    find: "...given.split('&'), ",
    replace: '',
    proves: ['spec/protocol/endpoint-params.spec.ts › win over a query of the mount point that names them'],
  },
  {
    name: 'takes an address of any scheme',
    file: 'lib/protocol/endpoint-url.ts',
    find: '(?:ws|http)(s?)',
    replace: '\\w+?(s?)',
    proves: ['spec/protocol/endpoint-url.spec.ts › cannot be made from %s'],
  },
  {
    name: 'forgets the path of the WebSocket',
    file: 'lib/protocol/endpoint-url.ts',
    find: '${host}${mount}/${path}?',
    replace: '${host}${mount}?',
    proves: ['spec/protocol/endpoint-url.spec.ts › is made from %s'],
  },
  {
    name: 'takes addresses of a page for those of nowhere',
    file: 'lib/protocol/endpoint-url.ts',
    find: 'new URL(url, base)',
    replace: 'new URL(url)',
    proves: ['spec/protocol/endpoint-url.spec.ts › may be relative to a page: %s'],
  },
  {
    name: 'writes messages of version 1 without join_ref',
    file: 'lib/protocol/json-v1.ts',
    find: 'join_ref: joinRef ?? undefined',
    replace: 'join_ref: undefined',
    proves: ['spec/protocol/json-v1.spec.ts › are objects, with join_ref as a fifth key'],
  },
  {
    name: 'gives version 1 another name',
    file: 'lib/protocol/json-v1.ts',
    find: `vsn: '1.0.0',
  encode`,
    replace: `vsn: '1',
  encode`,
    proves: ['spec/protocol/json-v1.spec.ts › names its version'],
  },
  {
    name: 'throws at a binary frame that is cut short',
    file: 'lib/protocol/binary-v2.ts',
    find: "if (end > frame.byteLength) return left({ _tag: 'Truncated', byteLength: frame.byteLength })",
    replace: 'if (end > frame.byteLength) throw new RangeError()',
    proves: ['spec/protocol/garbage.spec.ts › for any bytes, with a kind in front or not'],
  },
]
