import { type TraceEvent } from '../index.ts'
import { Kept } from './kept.ts'

/** A frame as the trace shows it, with credentials redacted. */
export type TracedFrame = Extract<TraceEvent, { readonly type: 'frame-in' | 'frame-out' }>

/** How long a connection or a channel was in one state. */
export interface Span {
  readonly fromMs: number
  /** Undefined while it lasts. */
  untilMs: number | undefined
  readonly status: string
  /** What the state says besides: the attempt, the wait, the `_tag` of its cause. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** What a mark stands for. `work`: something with an outcome, which is a push, a join, a leave or a heartbeat. */
export type MarkKind = 'event' | 'work' | 'failure'

/** One thing on a lane: an event of the server, a push with its reply, a frame that could not be read. */
export interface Mark {
  /** Rises in the order of the trace. */
  readonly id: number
  readonly kind: MarkKind
  readonly lane: Lane
  /** The name of the event, `join` or `heartbeat`. */
  readonly label: string
  readonly atMs: number
  /** When the work ended. Undefined while it goes on, and for what takes no time. */
  untilMs: number | undefined
  /** `ok`, or what went wrong. Undefined while the work goes on. */
  outcome: string | undefined
  /** The client's frame. */
  sent: TracedFrame | undefined
  /** The server's frame: the event itself, or the reply. */
  received: TracedFrame | undefined
}

/** The number of presences under a topic from a moment on. */
export interface Count {
  readonly atMs: number
  readonly count: number
}

/** One row of the timeline: a connection, or a topic. */
export class Lane {
  readonly spans: Kept<Span> = new Kept()
  readonly marks: Kept<Mark> = new Kept()
  readonly counts: Kept<Count> = new Kept()

  readonly kind: 'connection' | 'channel'
  /** The topic, or the number of the connection. */
  readonly name: string

  constructor(kind: Lane['kind'], name: string) {
    this.kind = kind
    this.name = name
  }

  /** Ends the state that lasts, and begins another. */
  enter(atMs: number, status: string, facts: Span['facts']): void {
    const { last } = this.spans
    if (last) last.untilMs = atMs
    this.spans.add({ fromMs: atMs, untilMs: undefined, status, facts })
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
}
