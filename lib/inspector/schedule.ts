import { type Mark, type TracedFrame } from './lane.ts'
import { payloadOf } from './payload-of.ts'

/** What a marble test makes happen, at a millisecond of its own. */
export type Step =
  | { readonly type: 'message'; readonly atMs: number; readonly event: string; readonly payload: unknown }
  | {
      readonly type: 'push'
      readonly atMs: number
      readonly event: string
      readonly payload: unknown
      /** Undefined if no reply came. */
      readonly reply: Reply | undefined
    }

export interface Reply {
  readonly atMs: number
  readonly status: string
  readonly response: unknown
}

/** A moment of a recording, before it has its place in the test. */
interface Moment {
  readonly atMs: number
  readonly place: (atMs: number) => void
}

/**
 * The messages and pushes of one topic as the steps of a marble test, from 1 ms on: at 0 the socket opens and joins. Each
 * moment gets a millisecond of its own, since letters of one moment would need parentheses, which take time themselves.
 */
export const schedule = (marks: readonly Mark[]): readonly Step[] => {
  const drafts: {
    type: Step['type']
    atMs: number
    event: string
    payload: unknown
    reply?: Reply | undefined
  }[] = []
  const moments: Moment[] = []
  for (const mark of marks.filter(isShown)) {
    const draft: (typeof drafts)[number] = {
      type: mark.kind === 'event' ? 'message' : 'push',
      atMs: 0,
      event: mark.label,
      payload: payloadIn(mark),
    }
    drafts.push(draft)
    moments.push({ atMs: mark.sent?.atMs ?? mark.atMs, place: (atMs) => (draft.atMs = atMs) })
    const { received } = mark
    if (draft.type === 'message' || !received) continue
    const reply = replyIn(received, mark.outcome)
    moments.push({ atMs: received.atMs, place: (atMs) => (draft.reply = { atMs, ...reply }) })
  }
  moments.sort((a, b) => a.atMs - b.atMs)
  const beganAt = moments[0]?.atMs ?? 0
  let lastMs = 0
  for (const { atMs, place } of moments) {
    lastMs = Math.max(lastMs + 1, Math.round(atMs - beganAt) + 1)
    place(lastMs)
  }
  return drafts.sort((a, b) => a.atMs - b.atMs) as readonly Step[]
}

/** Joins, leaves and what the protocol says are the test's own, and what was dropped reached no subscriber. */
const isShown = ({ kind, label, outcome, sent }: Mark): boolean =>
  (kind === 'event' && outcome === undefined && !label.startsWith('phx_')) ||
  (kind === 'push' && sent !== undefined)

const payloadIn = ({ kind, received, sent }: Mark): unknown => {
  const frame = kind === 'event' ? received : sent
  return frame && payloadOf(frame)
}

/** What a reply says. Of one that came in bytes only their number is known, and how the push ended. */
const replyIn = (received: TracedFrame, outcome: string | undefined): Omit<Reply, 'atMs'> => {
  const payload = payloadOf(received) as Partial<Reply> | null
  const { status, response = null } = Object(payload) as Partial<Reply>
  return typeof status === 'string'
    ? { status, response }
    : { status: outcome === 'ok' ? 'ok' : 'error', response: payload }
}
