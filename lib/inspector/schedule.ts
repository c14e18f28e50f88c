import { type Mark } from './lane.ts'
import { payloadOf } from './payload-of.ts'
import { type Turn } from './turns.ts'

/** What a marble test makes happen, at a millisecond of its own. */
export type Step =
  | MessageStep
  | PushStep
  | BreakStep
  | { readonly type: 'rejoin'; readonly atMs: number; readonly after: BreakStep }

export interface MessageStep {
  readonly type: 'message'
  readonly atMs: number
  readonly event: string
  readonly payload: unknown
}

export interface PushStep {
  readonly type: 'push'
  readonly atMs: number
  readonly event: string
  readonly payload: unknown
  /** Undefined if the push was still in flight at the end. */
  outcome: Reply | Failure | undefined
}

/** The channel crashes, or the connection is lost. */
export interface BreakStep {
  readonly type: 'crash' | 'drop'
  readonly atMs: number
}

export interface Reply {
  readonly atMs: number
  readonly status: string
  readonly response: unknown
}

export interface Failure {
  readonly atMs: number
  readonly failed: 'ChannelCrashed' | 'ConnectionLost'
}

/** Something that was recorded, before it has its place in the test. */
type Moment =
  | { readonly type: 'message' | 'push'; readonly atMs: number; readonly mark: Mark }
  | { readonly type: 'reply'; readonly atMs: number; readonly mark: Mark }
  | { readonly type: 'rejoin' | 'crash' | 'drop'; readonly atMs: number }

/**
 * What happened on one topic as the steps of a marble test, from 1 ms on: at 0 the socket opens and joins. Each moment gets a
 * millisecond of its own, since letters of one moment would need parentheses, which take time themselves. Only the pushes
 * that one break fails share a moment.
 */
export const schedule = (marks: readonly Mark[], turns: readonly Turn[]): readonly Step[] => {
  const moments = momentsOf(marks, turns)
  const beganAt = moments.find(({ type }) => type !== 'rejoin')?.atMs ?? 0
  const steps: Step[] = []
  const inFlight = new Map<Mark, PushStep>()
  let down: BreakStep | undefined
  let lastMs = 0

  const placed = (atMs: number): number => (lastMs = Math.max(lastMs + 1, Math.round(atMs - beganAt) + 1))
  /** Nothing reaches a channel that is not joined, so it has joined again by then, even if no join was recorded. */
  const rejoin = (atMs: number): void => {
    if (down) steps.push({ type: 'rejoin', atMs: placed(atMs), after: down })
    down = undefined
  }
  const breakDown = (type: BreakStep['type'], atMs: number): void => {
    if (down) return
    down = { type, atMs: placed(atMs) }
    steps.push(down)
    const failed = type === 'crash' ? 'ChannelCrashed' : 'ConnectionLost'
    for (const push of inFlight.values()) push.outcome = { atMs: lastMs, failed }
    // "(ab)" takes four milliseconds of a diagram.
    if (inFlight.size > 1) lastMs += inFlight.size + 1
    inFlight.clear()
  }

  for (const moment of moments) {
    const { atMs } = moment
    if (moment.type === 'reply') {
      const push = inFlight.get(moment.mark)
      if (push) push.outcome = { atMs: placed(atMs), ...replyOn(moment.mark) }
      inFlight.delete(moment.mark)
    } else if ('mark' in moment) {
      const { mark, type } = moment
      rejoin(atMs)
      const step = { atMs: placed(atMs), event: mark.label, payload: payloadIn(mark) }
      const push: PushStep = { type: 'push', ...step, outcome: undefined }
      steps.push(type === 'push' ? push : { type, ...step })
      if (type === 'push') inFlight.set(mark, push)
    } else if (moment.type === 'rejoin') rejoin(atMs)
    else breakDown(moment.type, atMs)
  }
  return steps
}

/** In the order in which they happened. Of what happened in one moment a rejoin comes first and a break last. */
const momentsOf = (marks: readonly Mark[], turns: readonly Turn[]): readonly Moment[] =>
  [
    ...turns.flatMap(({ type, atMs }): Moment[] => (type === 'rejoin' ? [{ type, atMs }] : [])),
    ...marks.filter(isShown).flatMap((mark): Moment[] => {
      const { kind, sent, received } = mark
      if (kind === 'event') return [{ type: 'message', atMs: mark.atMs, mark }]
      return [
        { type: 'push', atMs: sent?.atMs ?? mark.atMs, mark },
        ...(received ? [{ type: 'reply' as const, atMs: received.atMs, mark }] : []),
      ]
    }),
    ...turns.flatMap(({ type, atMs }): Moment[] =>
      type === 'crash' || type === 'drop' ? [{ type, atMs }] : [],
    ),
  ].sort((a, b) => a.atMs - b.atMs)

/** Joins, leaves and what the protocol says are the test's own, and what was dropped reached no subscriber. */
const isShown = ({ kind, label, outcome, sent }: Mark): boolean =>
  (kind === 'event' && outcome === undefined && !label.startsWith('phx_')) ||
  (kind === 'push' && sent !== undefined)

const payloadIn = ({ kind, received, sent }: Mark): unknown => {
  const frame = kind === 'event' ? received : sent
  return frame && payloadOf(frame)
}

/** What a reply says. Of one that came in bytes only their number is known, and how the push ended. */
const replyOn = ({ received, outcome }: Mark): Omit<Reply, 'atMs'> => {
  const payload = received && payloadOf(received)
  const { status, response = null } = Object(payload) as Partial<Reply>
  return typeof status === 'string'
    ? { status, response }
    : { status: outcome === 'ok' ? 'ok' : 'error', response: payload }
}
