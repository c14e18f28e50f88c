import { type PresenceState, type TraceEvent } from '../index.ts'
import { Kept } from './kept.ts'

/** A frame as the trace shows it, with credentials redacted. */
export type TracedFrame = Extract<TraceEvent, { readonly type: 'frame-in' | 'frame-out' }>

/** How long a connection or a channel was in one state. */
export interface Span {
  readonly fromMs: number
  /** Undefined while it lasts. */
  untilMs: number | undefined
  readonly status: string
  /** The attempt, the wait, the `_tag` of the cause: whatever the state carries. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** What a mark stands for: an event of the server, something the client asked for, or a frame that could not be read. */
export type MarkKind = 'event' | 'push' | 'join' | 'leave' | 'heartbeat' | 'failure'

/** One thing on a lane. */
export interface Mark {
  /** Counts up along the lane. */
  readonly id: number
  readonly kind: MarkKind
  readonly lane: Lane
  /** The name of the event; `join`, `leave` or `heartbeat`; the `_tag` of a failure. */
  readonly label: string
  readonly atMs: number
  /** When the client stopped waiting for it. Undefined while it waits, and for what takes no time. */
  untilMs: number | undefined
  /** `ok`, or what went wrong. Undefined while the client waits. */
  outcome: string | undefined
  /** The client's frame. */
  sent: TracedFrame | undefined
  /** The server's frame: the event itself, or the reply. */
  received: TracedFrame | undefined
}

/** Whether the client asked for it, so that it takes time. */
export const isWork = ({ kind }: Pick<Mark, 'kind'>): boolean => kind !== 'event' && kind !== 'failure'

const HARMLESS: ReadonlySet<string> = new Set(['ok', 'sent', 'abandoned'])

/** Whether something went wrong with it. */
export const isFailure = ({ kind, outcome }: Pick<Mark, 'kind' | 'outcome'>): boolean =>
  kind === 'failure' || (outcome !== undefined && !HARMLESS.has(outcome))

/** The number of presences of a topic from a moment on. */
export interface Count {
  readonly atMs: number
  readonly count: number
}

/** One row of the timeline: a connection, or a topic. */
export class Lane {
  readonly spans: Kept<Span> = new Kept()
  readonly marks: Kept<Mark> = new Kept()
  readonly counts: Kept<Count> = new Kept()
  /** Who is present now. Undefined until the server has sent the whole list. */
  present: PresenceState | undefined
  private ids = 0

  readonly kind: 'connection' | 'channel'

  constructor(
    kind: Lane['kind'],
    /** The topic, or the number of the connection. */
    readonly name: string,
  ) {
    this.kind = kind
  }

  /** Ends the state that lasts, and begins another. */
  enter(atMs: number, status: string, facts: Span['facts']): void {
    const { last } = this.spans
    if (last) last.untilMs = atMs
    this.spans.add({ fromMs: atMs, untilMs: undefined, status, facts })
  }

  mark(kind: MarkKind, label: string, atMs: number): Mark {
    const mark: Mark = {
      id: (this.ids += 1),
      kind,
      lane: this,
      label,
      atMs,
      untilMs: undefined,
      outcome: undefined,
      sent: undefined,
      received: undefined,
    }
    this.marks.add(mark)
    return mark
  }

  /** Drops what was over before a moment. What the lane showed at that moment stays. */
  dropBefore(atMs: number): void {
    this.marks.dropWhile((mark) => mark.atMs < atMs)
    this.spans.dropWhile(({ untilMs }) => untilMs !== undefined && untilMs < atMs)
    while (this.counts.length > 1 && (this.counts.at(1)?.atMs ?? Infinity) < atMs) {
      const oldest = this.counts.at(0)
      this.counts.dropWhile((count) => count === oldest)
    }
  }

  /** Whether nothing has happened since a moment and nothing can be going on. */
  isOver(atMs: number): boolean {
    const { last } = this.spans
    return (
      this.kind === 'channel' &&
      this.marks.length === 0 &&
      (last === undefined || (OVER.has(last.status) && last.fromMs < atMs))
    )
  }
}

const OVER: ReadonlySet<string> = new Set(['idle', 'closed'])
