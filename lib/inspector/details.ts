import { timeLabel } from './draw.ts'
import { type Mark, type TracedFrame } from './lane.ts'
import { payloadOf } from './payload-of.ts'

/** One line of facts about a mark. */
export interface Fact {
  readonly name: string
  readonly value: string
}

/** What is known of a mark: where and when, its refs, its outcome. */
export const factsOf = (mark: Mark, originMs: number): readonly Fact[] => {
  const { lane, label, atMs, untilMs, outcome, sent, received } = mark
  const frame = sent ?? received
  const latencyMs = untilMs === undefined ? undefined : untilMs - atMs
  return [
    { name: lane.kind === 'connection' ? 'connection' : 'topic', value: lane.name },
    { name: mark.kind === 'event' ? 'event' : 'what', value: label },
    { name: 'at', value: `${timeLabel(atMs - originMs)} (${Math.round(atMs - originMs)} ms)` },
    ...(mark.kind === 'work'
      ? [{ name: 'took', value: latencyMs === undefined ? 'not over yet' : `${round(latencyMs)} ms` }]
      : []),
    ...(outcome === undefined ? [] : [{ name: 'outcome', value: outcome }]),
    ...(frame?.message
      ? [
          { name: 'ref', value: String(frame.message.ref) },
          { name: 'join_ref', value: String(frame.message.joinRef) },
        ]
      : []),
    ...(frame ? [{ name: 'transport', value: `#${frame.connectionId}` }] : []),
    ...sizes({ sent, received }),
  ]
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

const round = (ms: number): number => Math.round(ms * 10) / 10

/** A mark in one sentence, for a screen reader. */
export const sentenceOf = (mark: Mark, originMs: number): string => {
  const { lane, label, atMs, untilMs, outcome } = mark
  const what = mark.kind === 'event' ? `event ${label}` : label
  const took = untilMs === undefined ? '' : ` after ${round(untilMs - atMs)} ms`
  return `${lane.name}: ${what} at ${timeLabel(atMs - originMs)}${outcome === undefined ? '' : `, ${outcome}${took}`}`
}
