import { type Frame } from '../protocol/message.ts'
import { type DropReason, type WorkOutcome } from '../connection/trace.ts'
import { type Latencies, LatencyHistogram } from './latency-histogram.ts'
import { type RawEvent } from './trace-events.ts'
import { utf8Length } from './utf8-length.ts'

/** How many ended in which way. What did not occur is absent. */
export type Outcomes = Readonly<Partial<Record<WorkOutcome, number>>>

/** What was counted since the subscription, as plain data. Times are in ms. */
export interface Metrics {
  /** When counting began and when this was taken, on the clock of the scheduler. */
  readonly sinceMs: number
  readonly atMs: number
  readonly connections: {
    /** Those that are open now. */
    readonly open: number
    readonly opened: number
    /** Of the opened, those on a line that had been open before. */
    readonly reconnects: number
    /** Ended without being asked to. */
    readonly lost: number
    /** Attempts that never opened. */
    readonly failed: number
  }
  readonly frames: { readonly in: Traffic; readonly out: Traffic }
  readonly joins: { readonly outcomes: Outcomes; readonly latency: Latencies }
  readonly pushes: {
    /** Begun since the subscription, and not ended. */
    readonly pending: number
    readonly outcomes: Outcomes
    /** From sending to the reply, of those that the server answered (`ok` and `PushRefused`). */
    readonly latency: Latencies
    /** From subscription to sending: the wait for the join. */
    readonly waited: Latencies
  }
  /** The latency is the round trip. */
  readonly heartbeats: { readonly outcomes: Outcomes; readonly latency: Latencies }
  /** Messages of the server that were dropped. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>
  readonly decodeFailures: number
  readonly inputFailures: number
}

/** Frames in one direction. */
export interface Traffic {
  readonly count: number
  /** Before compression; of texts their length in UTF-8. */
  readonly bytes: number
  /** CPU time of encoding or decoding them all. */
  readonly codecMs: number
}

/** Ends of joins, pushes or heartbeats. */
class Ends {
  readonly outcomes: Partial<Record<WorkOutcome, number>> = {}
  readonly latency: LatencyHistogram = new LatencyHistogram()

  add(outcome: WorkOutcome, answeredAfterMs: number | undefined): void {
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1
    if (answeredAfterMs !== undefined) this.latency.add(answeredAfterMs)
  }

  shown(): { readonly outcomes: Outcomes; readonly latency: Latencies } {
    return { outcomes: { ...this.outcomes }, latency: this.latency.latencies() }
  }
}

/** Frames in one direction, being counted. */
class Flow {
  private traffic: Traffic = { count: 0, bytes: 0, codecMs: 0 }

  add(frame: Frame, durationMs: number): void {
    const { count, bytes, codecMs } = this.traffic
    this.traffic = { count: count + 1, bytes: bytes + sizeOf(frame), codecMs: codecMs + durationMs }
  }

  get shown(): Traffic {
    return this.traffic
  }
}

const sizeOf = (frame: Frame): number => (typeof frame === 'string' ? utf8Length(frame) : frame.byteLength)

/** Requests that the server accepted or refused. */
const ANSWERED: ReadonlySet<WorkOutcome> = new Set(['ok', 'PushRefused', 'JoinRefused', 'TooManyChannels'])

/** Counts events, in memory that is bounded by what is open and pending. */
export class Counters {
  /** Connections that are open (true), or were and are to be again (false). */
  private readonly kept: Map<number, boolean> = new Map()
  private readonly connections = { opened: 0, reconnects: 0, lost: 0, failed: 0 }
  private readonly in = new Flow()
  private readonly out = new Flow()
  private readonly joins = new Ends()
  private readonly pushes = new Ends()
  private readonly heartbeats = new Ends()
  private readonly waited: LatencyHistogram = new LatencyHistogram()
  /** How long each pending push waited to be sent; undefined while it waits. */
  private readonly pending: Map<number, number | undefined> = new Map()
  private readonly dropped: Partial<Record<DropReason, number>> = {}
  private decodeFailures = 0
  private inputFailures = 0

  constructor(
    private readonly sinceMs: number,
    open: readonly number[],
  ) {
    for (const number of open) this.kept.set(number, true)
  }

  add(event: RawEvent): void {
    switch (event.type) {
      case 'connection':
        this.connection(event.number, event.state.status)
        return
      case 'frame-in':
        this.in.add(event.frame, event.durationMs)
        return
      case 'frame-out':
        this.out.add(event.frame, event.durationMs)
        return
      case 'push':
        this.push(event)
        return
      case 'join':
      case 'heartbeat': {
        if (event.step !== 'end') return
        const ends = event.type === 'join' ? this.joins : this.heartbeats
        ends.add(event.outcome, ANSWERED.has(event.outcome) ? event.latencyMs : undefined)
        return
      }
      case 'dropped':
        this.dropped[event.reason] = (this.dropped[event.reason] ?? 0) + 1
        return
      case 'decode-failed':
        this.decodeFailures += 1
        return
      case 'input-failed':
        this.inputFailures += 1
        return
      case 'channel': // counted by its joins
    }
  }

  shown(atMs: number): Metrics {
    const open = [...this.kept.values()].filter(Boolean).length
    return {
      sinceMs: this.sinceMs,
      atMs,
      connections: { open, ...this.connections },
      frames: { in: this.in.shown, out: this.out.shown },
      joins: this.joins.shown(),
      pushes: { pending: this.pending.size, ...this.pushes.shown(), waited: this.waited.latencies() },
      heartbeats: this.heartbeats.shown(),
      dropped: { ...this.dropped },
      decodeFailures: this.decodeFailures,
      inputFailures: this.inputFailures,
    }
  }

  private connection(number: number, status: string): void {
    const wasOpen = this.kept.get(number)
    if (status === 'open') {
      this.connections.opened += 1
      if (wasOpen !== undefined) this.connections.reconnects += 1
      this.kept.set(number, true)
    } else if (status === 'idle') this.kept.delete(number)
    else {
      if (status === 'waiting') this.connections[wasOpen ? 'lost' : 'failed'] += 1
      if (wasOpen) this.kept.set(number, false)
    }
  }

  private push(event: Extract<RawEvent, { type: 'push' }>): void {
    const { id, latencyMs } = event
    if (event.step === 'start') this.pending.set(id, undefined)
    else if (event.step === 'sending') {
      this.pending.set(id, latencyMs)
      this.waited.add(latencyMs)
    } else {
      const waitedMs = this.pending.get(id)
      this.pending.delete(id)
      const answered = ANSWERED.has(event.outcome) && waitedMs !== undefined
      this.pushes.add(event.outcome, answered ? latencyMs - waitedMs : undefined)
    }
  }
}
