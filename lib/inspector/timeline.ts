import { type TraceEvent } from '../index.ts'
import { Kept } from './kept.ts'
import { type Lane, type Mark, type TracedFrame } from './lane.ts'
import { Lanes } from './lanes.ts'
import { payloadOf } from './payload-of.ts'
import { presentAfter } from './present-after.ts'
import { Requests } from './requests.ts'

/** How much a timeline keeps. */
export interface Bounds {
  /** Default: 100,000. */
  readonly maxEvents?: number
  /** Of all frames together. Default: 50 million, which is 50 to 100 MB. */
  readonly maxCharacters?: number
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: T }>

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
  private readonly byName: Lanes = new Lanes()
  private readonly requests: Requests = new Requests(this.byName)
  /** Where the newest message of the server was placed. */
  private newest: Mark | undefined
  private readonly maxEvents: number
  private readonly maxCharacters: number

  constructor({ maxEvents = 100_000, maxCharacters = 50_000_000 }: Bounds = {}) {
    this.maxEvents = maxEvents
    this.maxCharacters = maxCharacters
  }

  /** The connections first, then the topics, each in the order in which they appeared. */
  get lanes(): readonly Lane[] {
    return this.byName.all
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
      case 'channel':
        this.enterChannel(event)
        break
      case 'join':
      case 'push':
      case 'heartbeat':
        this.requests.follow(event)
        break
      case 'frame-out':
        this.requests.sent(event)
        break
      case 'frame-in':
        this.received(event)
        break
      case 'dropped':
        this.reject(event)
        break
      case 'decode-failed':
        this.failToDecode(event)
        break
      case 'input-failed':
        this.fail(undefined, event)
    }
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
    if (state.status === 'open') this.byName.connectionOpened(state.connection.id, number)
    this.byName.connection(number).enter(atMs, status, facts)
  }

  private enterChannel({ atMs, topic, state }: Of<'channel'>): void {
    const { status, ...facts } = state
    const lane = this.byName.channel(topic)
    lane.enter(atMs, status, facts)
    if (status === 'idle' || status === 'closed') lane.present = undefined
  }

  private received(frame: TracedFrame): void {
    const { message, connectionId, atMs } = frame
    if (!message) return
    const { topic, event } = message
    const request = event === 'phx_reply' ? this.requests.replied(frame) : undefined
    if (request) {
      this.newest = request
      return
    }
    const lane = this.byName.ofMessage(topic, connectionId)
    const mark = lane.mark('event', event, atMs)
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

  private failToDecode(event: Of<'decode-failed'>): void {
    const { newest } = this
    const { error, connectionId } = event
    // A payload is decoded while its message is delivered, so the newest message is the one that failed.
    if (error.event !== undefined && newest?.label === error.event)
      newest.outcome = `${error._tag}: ${error.message}`
    else this.fail(connectionId, event)
  }

  private fail(
    connectionId: number | undefined,
    { error, atMs }: Of<'decode-failed' | 'input-failed'>,
  ): void {
    this.byName.connectionWith(connectionId).mark('failure', error._tag, atMs).outcome = error.message
  }

  private makeRoom(): void {
    // A tenth more than needed, so that not every event has to visit every lane.
    const [events, characters] = [this.maxEvents * 0.9, this.maxCharacters * 0.9]
    this.dropped += this.events.dropWhile((event) => {
      const isTooMuch = this.events.length > events || this.characters > characters
      if (isTooMuch) this.characters -= charactersOf(event)
      return isTooMuch
    })
    this.byName.dropBefore(this.fromMs)
    this.requests.dropBefore(this.fromMs)
  }
}

const charactersOf = (event: TraceEvent): number => ('frame' in event ? event.frame.length : 0)
