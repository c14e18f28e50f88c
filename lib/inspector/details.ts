import { isWork, type Lane, type Mark, type TracedFrame } from './lane.ts'
import { payloadOf } from './payload-of.ts'
import { timeLabel } from './time-label.ts'

/** One line of facts. */
export interface Fact {
  readonly name: string
  readonly value: string
}

/** Where and when a mark is, its origin, its refs, its outcome. */
export const factsOf = (mark: Mark, originMs: number): readonly Fact[] => {
  const { lane, kind, label, atMs, untilMs, outcome, sent, received } = mark
  const frame = sent ?? received
  return [
    { name: lane.kind === 'connection' ? 'connection' : 'topic', value: lane.name },
    { name: kind === 'event' || kind === 'push' ? 'event' : 'what', value: label },
    { name: 'from', value: originOf(mark) },
    { name: 'at', value: `${timeLabel(atMs - originMs)} (${Math.round(atMs - originMs)} ms)` },
    ...(isWork(mark)
      ? [{ name: 'took', value: untilMs === undefined ? 'not over yet' : `${round(untilMs - atMs)} ms` }]
      : []),
    ...(sent && sent.atMs > atMs
      ? [{ name: 'waited', value: `${round(sent.atMs - atMs)} ms to be sent` }]
      : []),
    ...(outcome === undefined ? [] : [{ name: 'outcome', value: outcome }]),
    ...(isWork(mark) && received && untilMs !== undefined && received.atMs > untilMs
      ? [{ name: 'reply', value: `came ${round(received.atMs - untilMs)} ms too late` }]
      : []),
    ...(frame?.message
      ? [
          { name: 'ref', value: String(frame.message.ref) },
          { name: 'join_ref', value: String(frame.message.joinRef) },
        ]
      : []),
    ...(frame ? [{ name: 'on', value: `connection #${frame.connectionId} of the socket` }] : []),
    ...sizes({ sent, received }),
  ]
}

const originOf = ({ kind, received }: Mark): string => {
  if (kind === 'failure') return 'this client, which skipped what it got'
  if (kind !== 'event') return 'this client'
  // With version 2.0.0 a broadcast has no join_ref; with 1.0.0 nothing has.
  return received?.message?.joinRef == null ? 'the server, to all' : 'the server, to this join'
}

const sizes = (frames: {
  readonly sent: TracedFrame | undefined
  readonly received: TracedFrame | undefined
}): Fact[] =>
  Object.entries(frames).flatMap(([name, frame]) =>
    frame ? [{ name, value: `${frame.byteLength} bytes` }] : [],
  )

/** The payloads of a mark, printed for people. */
export const payloadsOf = ({ sent, received }: Mark): readonly Fact[] =>
  Object.entries({ sent, received }).flatMap(([name, frame]) =>
    frame ? [{ name, value: JSON.stringify(payloadOf(frame), null, 2) }] : [],
  )

/** How many presences are listed. */
const LISTED = 100

/** What is known of a lane now. */
export const laneFacts = ({ spans, marks, present }: Lane): readonly Fact[] => {
  const { last } = spans
  const keys = present && [...present.keys()]
  return [
    { name: 'state', value: last?.status ?? 'unknown' },
    ...Object.entries(last?.facts ?? {}).map(([name, value]) => ({ name, value: String(value) })),
    { name: 'kept', value: `${marks.length} events, pushes and failures` },
    ...(keys ? [{ name: 'present', value: `${keys.length}` }] : []),
    ...(keys && keys.length > 0
      ? [{ name: 'keys', value: keys.slice(0, LISTED).join(', ') + (keys.length > LISTED ? ', …' : '') }]
      : []),
  ]
}

const round = (ms: number): number => Math.round(ms * 10) / 10

/** A mark in one sentence, for a screen reader. */
export const sentenceOf = (mark: Mark, originMs: number): string => {
  const { lane, kind, label, atMs, untilMs, outcome } = mark
  const what = kind === 'event' || kind === 'push' ? `${kind} ${label}` : label
  const took = untilMs === undefined ? '' : ` after ${round(untilMs - atMs)} ms`
  const where = lane.kind === 'connection' ? `connection ${lane.name}` : lane.name
  return `${where}: ${what} at ${timeLabel(atMs - originMs)}${outcome === undefined ? '' : `, ${outcome}${took}`}`
}
