import { type TraceEvent } from '../index.ts'
import { Kept } from './kept.ts'
import { Lane, type Mark, type MarkKind, type TracedFrame } from './lane.ts'
import { payloadOf } from './payload-of.ts'
import { presenceCount } from './presence-count.ts'

/** How many trace events a timeline keeps by default. */
export const DEFAULT_KEPT_EVENTS = 100_000

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: T }>
type Work = Of<'join' | 'push' | 'heartbeat'>

/**
 * What happened to a socket, sorted into lanes: one for each connection, one for each topic. Adding an event costs the
 * same whatever is kept; beyond `maxEvents` the oldest events go, and `dropped` counts them.
 */
export class Timeline {
  /** The trace events themselves, for saving. */
  readonly events: Kept<TraceEvent> = new Kept()
  /** How many events were dropped to make room. */
  dropped = 0
  private readonly byName = new Map<string, Lane>()
  /** Work that goes on, by its id in the trace. */
  private readonly running = new Map<number, Mark>()
  /** Work whose frame is out and whose reply is due, by connection and ref. */
  private readonly awaited = new Map<string, Mark>()
  private readonly counters = new Map<string, ReturnType<typeof presenceCount>>()
  /** Which connection an open transport belongs to: connections keep their number over reconnects. */
  private readonly numbers = new Map<number, string>()
  private marks = 0

  readonly maxEvents: number

  constructor(maxEvents: number = DEFAULT_KEPT_EVENTS) {
    this.maxEvents = maxEvents
  }

  /** The connections first, then the topics, each in the order in which they appeared. */
  get lanes(): readonly Lane[] {
    const lanes = [...this.byName.values()]
    return [
      ...lanes.filter(({ kind }) => kind === 'connection'),
      ...lanes.filter(({ kind }) => kind === 'channel'),
    ]
  }

  /** The time of the oldest event that is kept, on the clock of the trace. */
  get fromMs(): number {
    return this.events.at(0)?.atMs ?? 0
  }

  /** The time of the newest event. */
  get toMs(): number {
    return this.events.last?.atMs ?? 0
  }

  add(event: TraceEvent): void {
    this.events.add(event)
    this.place(event)
    if (this.events.length > this.maxEvents) this.makeRoom()
  }

  private place(event: TraceEvent): void {
    switch (event.type) {
      case 'connection':
        this.enterConnection(event)
        break
      case 'channel': {
        const { status, ...facts } = event.state
        this.channel(event.topic).enter(event.atMs, status, facts)
        break
      }
      case 'join':
      case 'push':
      case 'heartbeat':
        this.follow(event)
        break
      case 'frame-out':
        this.sent(event)
        break
      case 'frame-in':
        this.received(event)
        break
      case 'dropped':
        this.reject(event)
        break
      case 'decode-failed':
        this.fail(event, event.connectionId)
        break
      case 'input-failed':
        this.fail(event, undefined)
    }
  }

  private fail(
    { error, atMs }: Of<'decode-failed' | 'input-failed'>,
    connectionId: number | undefined,
  ): void {
    this.mark('failure', this.connectionOf(connectionId), error._tag, atMs).outcome = error.message
  }

  private enterConnection({ atMs, line, state, cause }: Of<'connection'>): void {
    const { status, ...rest } = state
    const failure = cause ?? ('cause' in state ? state.cause : undefined)
    const facts = {
      ...('attempt' in rest && { attempt: rest.attempt }),
      ...('retryInMs' in rest && { retryInMs: rest.retryInMs }),
      ...('connection' in rest && { connectionId: rest.connection.id }),
      ...(failure && { cause: failure._tag, message: failure.message }),
    }
    const number = String(line)
    if (state.status === 'open') this.numbers.set(state.connection.id, number)
    this.connection(number).enter(atMs, status, facts)
  }

  private follow(work: Work): void {
    if (work.step === 'start') {
      const lane = work.type === 'heartbeat' ? this.connectionOf(work.connectionId) : this.channel(work.topic)
      this.running.set(
        work.id,
        this.mark('work', lane, work.type === 'push' ? work.event : work.type, work.atMs),
      )
      return
    }
    const mark = this.running.get(work.id)
    if (!mark) return
    if (work.type === 'push' && work.ref !== undefined)
      this.awaited.set(`${work.connectionId} ${work.ref}`, mark)
    if (work.step !== 'end') return
    mark.untilMs = work.atMs
    mark.outcome = work.outcome
    this.running.delete(work.id)
  }

  private sent(frame: TracedFrame): void {
    const { message, connectionId } = frame
    if (!message) return
    const key = `${connectionId} ${message.ref}`
    const lane = this.laneOf(message.topic, connectionId)
    const known = this.awaited.get(key) ?? this.begun(lane, message.event)
    // A leave, or the push of a client that was traced only from its middle on.
    const mark = known ?? this.mark('work', lane, message.event, frame.atMs)
    mark.sent = frame
    this.awaited.set(key, mark)
  }

  /** The join or heartbeat that has started and whose frame this is: their frames follow their start. */
  private begun(lane: Lane, event: string): Mark | undefined {
    const label = event === 'phx_join' ? 'join' : event
    if (label !== 'join' && label !== 'heartbeat') return undefined
    for (const mark of this.running.values())
      if (mark.lane === lane && mark.label === label && !mark.sent) return mark
    return undefined
  }

  private received(frame: TracedFrame): void {
    const { message, connectionId, atMs } = frame
    if (!message) return
    const { topic, event, ref } = message
    if (event === 'phx_reply') {
      const key = `${connectionId} ${ref}`
      const mark = this.awaited.get(key)
      this.awaited.delete(key)
      if (mark) {
        mark.received = frame
        mark.untilMs ??= atMs
        return
      }
    }
    this.mark('event', this.laneOf(topic, connectionId), event, atMs).received = frame
    this.count(topic, event, frame)
  }

  private count(topic: string, event: string, frame: TracedFrame): void {
    if (event !== 'presence_state' && event !== 'presence_diff') return
    const counter = this.counters.get(topic) ?? presenceCount()
    this.counters.set(topic, counter)
    const count = counter(event, payloadOf(frame))
    if (count !== undefined) this.channel(topic).counts.add({ atMs: frame.atMs, count })
  }

  /** A message was dropped: its frame has just been placed. */
  private reject({ message, reason, connectionId }: Of<'dropped'>): void {
    const { last } = this.laneOf(message.topic, connectionId).marks
    if (last?.label === message.event) last.outcome = `dropped: ${reason}`
  }

  private makeRoom(): void {
    // A tenth more than needed, so that not every event has to visit every lane.
    const excess = this.events.length - Math.floor(this.maxEvents * 0.9)
    let left = excess
    this.dropped += this.events.dropWhile(() => left-- > 0)
    const { fromMs } = this
    for (const lane of this.byName.values()) lane.dropBefore(fromMs)
    for (const [key, mark] of this.awaited) if (mark.atMs < fromMs) this.awaited.delete(key)
    for (const [id, mark] of this.running) if (mark.atMs < fromMs) this.running.delete(id)
  }

  private mark(kind: MarkKind, lane: Lane, label: string, atMs: number): Mark {
    const mark: Mark = {
      id: (this.marks += 1),
      kind,
      lane,
      label,
      atMs,
      untilMs: undefined,
      outcome: undefined,
      sent: undefined,
      received: undefined,
    }
    lane.marks.add(mark)
    return mark
  }

  private connection(number: string): Lane {
    return this.lane('connection', number)
  }

  private connectionOf(connectionId: number | undefined): Lane {
    return this.connection(this.numbers.get(connectionId ?? 0) ?? '1')
  }

  private channel(topic: string): Lane {
    return this.lane('channel', topic)
  }

  /** Heartbeats go over the topic of the protocol itself, which is no channel. */
  private laneOf(topic: string, connectionId: number): Lane {
    return topic === 'phoenix' ? this.connectionOf(connectionId) : this.channel(topic)
  }

  private lane(kind: Lane['kind'], name: string): Lane {
    const key = `${kind} ${name}`
    const found = this.byName.get(key)
    if (found) return found
    const lane = new Lane(kind, name)
    this.byName.set(key, lane)
    return lane
  }
}
