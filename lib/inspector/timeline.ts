import { type TraceEvent } from '../index.ts'
import { Kept } from './kept.ts'
import { Lane, type Mark, type MarkKind, type TracedFrame } from './lane.ts'
import { payloadOf } from './payload-of.ts'
import { presentAfter } from './present-after.ts'

/** How much a timeline keeps. */
export interface Bounds {
  /** Default: 100,000. */
  readonly maxEvents?: number
  /** Of all frames together. Default: 50 million, which is 50 to 100 MB. */
  readonly maxCharacters?: number
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: T }>
type Work = Of<'join' | 'push' | 'heartbeat'>

/**
 * What happened to a socket, sorted into lanes: one for each connection, one for each topic. Adding an event costs the
 * same however much is kept. Beyond the bounds the oldest events go, and `dropped` counts them.
 */
export class Timeline {
  /** The trace events themselves, for saving. */
  readonly events: Kept<TraceEvent> = new Kept()
  /** How many events were dropped to make room. */
  dropped = 0
  private characters = 0
  private readonly byName = new Map<string, Lane>()
  /** What goes on, by its id in the trace. */
  private readonly running = new Map<number, Mark>()
  /** What was sent and has no reply, by connection and ref. */
  private readonly awaited = new Map<string, Mark>()
  /** The number of the connection that an open one belongs to: it stays over reconnects. */
  private readonly numbers = new Map<number, string>()
  /** Where the newest message of the server was placed. */
  private newest: Mark | undefined
  private marks = 0
  private readonly maxEvents: number
  private readonly maxCharacters: number

  constructor({ maxEvents = 100_000, maxCharacters = 50_000_000 }: Bounds = {}) {
    this.maxEvents = maxEvents
    this.maxCharacters = maxCharacters
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
    this.characters += charactersOf(event)
    this.place(event)
    if (this.events.length > this.maxEvents || this.characters > this.maxCharacters) this.makeRoom()
  }

  private place(event: TraceEvent): void {
    switch (event.type) {
      case 'connection':
        this.enterConnection(event)
        break
      case 'channel': {
        const { status, ...facts } = event.state
        const lane = this.channel(event.topic)
        lane.enter(event.atMs, status, facts)
        if (status === 'idle' || status === 'closed') lane.present = undefined
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
        this.fail(event)
        break
      case 'input-failed':
        this.mark('failure', this.connectionOf(undefined), event.error._tag, event.atMs).outcome =
          event.error.message
    }
  }

  private fail({ error, connectionId, atMs }: Of<'decode-failed'>): void {
    const { newest } = this
    // A payload is decoded while its message is delivered, so the newest message is the one that failed.
    if (error.event !== undefined && newest?.label === error.event)
      newest.outcome = `${error._tag}: ${error.message}`
    else this.mark('failure', this.connectionOf(connectionId), error._tag, atMs).outcome = error.message
  }

  private enterConnection({ atMs, number, state, cause }: Of<'connection'>): void {
    const { status, ...rest } = state
    const failure = cause ?? ('cause' in state ? state.cause : undefined)
    const facts = {
      ...('attempt' in rest && { attempt: rest.attempt }),
      ...('retryInMs' in rest && { retryInMs: rest.retryInMs }),
      ...('connection' in rest && { connectionId: rest.connection.id }),
      ...(failure && { cause: failure._tag, message: failure.message }),
    }
    if (state.status === 'open') this.numbers.set(state.connection.id, String(number))
    this.lane('connection', String(number)).enter(atMs, status, facts)
  }

  private follow(work: Work): void {
    if (work.step === 'start') {
      const lane = work.type === 'heartbeat' ? this.connectionOf(work.connectionId) : this.channel(work.topic)
      const label = work.type === 'push' ? work.event : work.type
      this.running.set(work.id, this.mark(work.type, lane, label, work.atMs))
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
    const { message, connectionId, atMs } = frame
    if (!message) return
    const key = `${connectionId} ${message.ref}`
    const lane = this.laneOf(message.topic, connectionId)
    const mark = this.awaited.get(key) ?? this.begun(lane, message.event) ?? this.unannounced(lane, frame)
    mark.sent = frame
    if (message.event === 'phx_leave') mark.untilMs = atMs
    this.awaited.set(key, mark)
  }

  /** The join or heartbeat that has started and whose frame this is: the frame follows the start. */
  private begun(lane: Lane, event: string): Mark | undefined {
    const kind = event === 'phx_join' ? 'join' : event === 'heartbeat' ? 'heartbeat' : undefined
    if (!kind) return undefined
    for (const mark of this.running.values())
      if (mark.lane === lane && mark.kind === kind && !mark.sent) return mark
    return undefined
  }

  /** A leave, or something that began before the trace did. */
  private unannounced(lane: Lane, { message, atMs }: TracedFrame): Mark {
    const event = message?.event ?? ''
    const kind = event === 'phx_leave' ? 'leave' : event === 'phx_join' ? 'join' : 'push'
    return this.mark(kind, lane, kind === 'push' ? event : kind, atMs)
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
        this.newest = mark
        return
      }
    }
    const lane = this.laneOf(topic, connectionId)
    const mark = this.mark('event', lane, event, atMs)
    mark.received = frame
    this.newest = mark
    const present = presentAfter(lane.present, event, payloadOf(frame))
    if (!present) return
    lane.present = present
    lane.counts.add({ atMs, count: present.size })
  }

  /** A message was dropped: its frame has just been placed. */
  private reject({ message, reason }: Of<'dropped'>): void {
    const { newest } = this
    if (
      newest?.kind === 'event' &&
      newest.label === message.event &&
      newest.received?.message?.ref === message.ref
    )
      newest.outcome = `dropped: ${reason}`
  }

  private makeRoom(): void {
    // A tenth more than needed, so that not every event has to visit every lane.
    const [events, characters] = [this.maxEvents * 0.9, this.maxCharacters * 0.9]
    this.dropped += this.events.dropWhile((event) => {
      const isTooMuch = this.events.length > events || this.characters > characters
      if (isTooMuch) this.characters -= charactersOf(event)
      return isTooMuch
    })
    const { fromMs } = this
    for (const [key, lane] of this.byName) {
      lane.dropBefore(fromMs)
      if (lane.isOver(fromMs)) this.byName.delete(key)
    }
    for (const [key, mark] of this.awaited) if (mark.atMs < fromMs) this.awaited.delete(key)
    for (const [id, mark] of this.running) if (mark.atMs < fromMs) this.running.delete(id)
    for (const id of this.numbers.keys()) {
      if (this.numbers.size <= MAX_NUMBERS) break
      this.numbers.delete(id)
    }
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

  private connectionOf(connectionId: number | undefined): Lane {
    return this.lane('connection', this.numbers.get(connectionId ?? 0) ?? '1')
  }

  private channel(topic: string): Lane {
    return this.lane('channel', topic)
  }

  /** Heartbeats go over a topic of the protocol itself, which is no channel. */
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

/** Reconnects whose late frames still find their lane. */
const MAX_NUMBERS = 1_000

const charactersOf = (event: TraceEvent): number => ('frame' in event ? event.frame.length : 0)
