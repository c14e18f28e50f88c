import { type Either, isLeft, right } from 'fp-ts/Either'
import { noop, type Observable, Subject } from 'rxjs'
import { DecodeFailed } from '../protocol/decode-failed.ts'
import { PHX_CLOSE, PHX_REPLY } from '../protocol/event.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { plainMessage } from '../protocol/plain-message.ts'
import { type NextRef } from '../protocol/ref.ts'
import { type Reply, replyOf } from '../protocol/reply.ts'
import { type DecodeError, type EncodeError, type Serializer } from '../protocol/serializer.ts'
import { type Link } from '../transport/transport.ts'
import { type Backlog } from './backlog.ts'
import { Joining } from './joining.ts'
import { type Leaving } from './leaving.ts'
import { type Slots } from './slots.ts'
import { headOf, showFrame, type Trace } from './trace.ts'
import { type DropReason } from './trace-event.ts'

/** Whoever waits for the reply to one ref. */
export interface ReplyReceiver {
  readonly topic: string
  /** The join that it belongs to: a reply to another one is not for it. Absent for what belongs to none. */
  readonly joinRef?: string | null
  settle(reply: Reply, message: Message): void
}

/** Whoever holds a topic. Tells why if it turns a message down. */
export interface TopicReceiver {
  receive(message: Message): DropReason | undefined
  /** Takes a reply for which nobody waits, such as that to a send. False if it says nothing. */
  unasked(message: Message): boolean
}

/** What a wire needs from its socket. */
export interface WireContext {
  readonly id: number
  readonly serializer: Serializer
  readonly nextRef: NextRef
  readonly joins: Slots
  readonly leaving: Leaving
  /** How many subscribers of the socket and its channels have gone so far. */
  readonly departures: { readonly count: number }
  readonly trace: Trace
  /** Called when the server has answered a heartbeat or a join. */
  readonly proved: () => void
  /** Every message that arrives, for `messages$` of the socket; a payload is read only if somebody is subscribed. */
  readonly arrivals$: Subject<Message>
}

/** Called when the transport has thrown at a frame. */
type OnLost = (error: unknown) => void

/**
 * An open connection: the one place where the way in and the way out meet. It owns the table of awaited replies and
 * the table of joined topics, so a connection that is replaced takes its late replies and stale joins with it.
 */
export class Wire {
  readonly id: number
  readonly nextRef: NextRef
  readonly trace: Trace
  readonly proved: () => void
  /** Joins are answered one after the other by the server, so few are sent at a time. */
  readonly joins: Slots
  /** Pushes that wait until the transport has caught up. */
  backlog: Backlog | undefined
  /** Awaited replies, by ref. */
  readonly replies: Map<string, ReplyReceiver> = new Map()
  /** Joined and joining topics. */
  readonly topics: Map<string, TopicReceiver> = new Map()
  /** Its link is lost or given up: nothing goes out any more. */
  closed = false
  /** Joins that have been sent and not been answered. */
  readonly joining: Joining = new Joining()
  /** Joins that have been left and that the server still counts. */
  readonly leaving: Leaving
  readonly #arrivals$: Subject<Message>
  readonly #latency$: Subject<number> = new Subject()
  readonly #heard$: Subject<void> = new Subject()
  readonly #link: Link
  readonly #serializer: Serializer
  readonly #lost: OnLost
  readonly #departures: { readonly count: number }
  /** Frames that wait until those who were told of the last one have had their turn. */
  #turn: Frame[] | undefined
  #held: Frame[] | undefined
  /** How many bytes had come with the last frame that came during a join. */
  #heardBytes: number | undefined

  constructor(
    link: Link,
    { id, serializer, nextRef, joins, leaving, departures, trace, proved, arrivals$ }: WireContext,
    lost: OnLost,
  ) {
    this.#link = link
    this.#lost = lost
    this.#serializer = serializer
    this.trace = trace
    this.id = id
    this.nextRef = nextRef
    this.joins = joins
    this.leaving = leaving
    this.#departures = departures
    this.proved = proved
    this.#arrivals$ = arrivals$
  }

  get bufferedAmount(): number {
    return this.#link.bufferedAmount
  }

  get bytesReceived(): number | undefined {
    return this.#link.bytesReceived
  }

  /** True if bytes have come that are no whole frame yet, as far as the platform shows it. */
  get receiving(): boolean {
    return this.bytesReceived !== this.#heardBytes
  }

  /** Whether heartbeats have to tell that the server is alive. */
  get needsHeartbeats(): boolean {
    return this.#link.heartbeat !== false
  }

  /** Round trips of heartbeats, in ms. */
  get latency$(): Observable<number> {
    return this.#latency$
  }

  /** A frame has come, whatever is in it. */
  get heard$(): Observable<void> {
    return this.#heard$
  }

  measured(latencyMs: number): void {
    this.#latency$.next(latencyMs)
  }

  /**
   * Encodes and hands over one message. A `Left` says why it cannot be carried; then nothing was sent.
   *
   * @param notTaken - called if the link did not take the frame, before the loss of the connection is told.
   */
  send(message: Message, notTaken: () => void = noop): Either<EncodeError, void> {
    const { tell } = this.trace
    const startedAt = tell ? performance.now() : 0
    const encoded = this.#serializer.encode(message)
    if (isLeft(encoded)) return encoded
    if (this.closed) {
      notTaken()
      return right(undefined)
    }
    const frame = encoded.right
    if (tell) this.#tell('frame-out', startedAt, frame, message)
    try {
      this.#link.send(frame)
    } catch (error) {
      notTaken()
      this.#lost(error)
    }
    return right(undefined)
  }

  /** Nothing is sent any more. Nothing comes in either, since the transport is unsubscribed. */
  close(): void {
    this.closed = true
    this.joins.clear()
  }

  /** Frames wait while this runs: joins all go out before a reply to one sets off the pushes that wait for it. */
  hold(joinAll: () => void): void {
    const held: Frame[] = (this.#held = [])
    try {
      joinAll()
    } finally {
      this.#held = undefined
    }
    for (const frame of held) if (!this.closed) this.receive(frame)
  }

  /** Takes one frame in: decode, one look-up by ref or by topic, and on to whoever waits. */
  receive(frame: Frame): void {
    if (this.#held) {
      this.#held.push(frame)
      return
    }
    this.joining.heard()
    if (this.#heard$.observed) this.#heard$.next()
    if (this.joining.any) this.#heardBytes = this.bytesReceived
    const { tell } = this.trace
    const startedAt = tell ? performance.now() : 0
    const decoded = this.#serializer.decode(frame)
    if (this.#turn && this.#waits(this.#turn, decoded)) {
      this.#turn.push(frame)
      return
    }
    if (tell) this.#tell('frame-in', startedAt, frame, isLeft(decoded) ? undefined : decoded.right)
    if (isLeft(decoded)) {
      this.#skip(frame, decoded.left)
      return
    }
    const message = decoded.right
    const { count } = this.#departures
    try {
      if (this.#arrivals$.observed) this.#arrivals$.next(plainMessage(message))
      if (message.event === PHX_REPLY) this.#receiveReply(message, frame)
      else this.#receiveMessage(message)
    } catch (error) {
      // A payload that turned out to be no JSON when it was read. Nobody has been told anything by then.
      if (!(error instanceof DecodeFailed)) throw error
      this.trace.tell?.({ type: 'decode-failed', connectionId: this.id, error })
    }
    if (count !== this.#departures.count) this.#yield()
  }

  /** Takes in immediately what waits for its turn: the link is lost, and nothing waits any more. */
  flush(): void {
    this.#endTurn()
    while (this.#turn) this.#endTurn()
  }

  /** Drops a message, and says so in the trace. */
  drop(message: Message, reason: DropReason): void {
    this.trace.tell?.({ type: 'dropped', connectionId: this.id, reason, message: headOf(message) })
  }

  /**
   * Somebody who awaited this frame has gone and may come back for the next one, as a script that awaits one thing, and then
   * the next. So where several frames may come in one task, the next message waits until Promises have been served.
   */
  #yield(): void {
    const { nextTask } = this.#link
    if (!nextTask || this.#turn) return
    this.#turn = []
    nextTask(() => {
      this.#endTurn()
    })
  }

  /** A reply does not wait: whoever awaits it is there already. So a burst of replies costs no more than one turn. */
  #waits(turn: readonly Frame[], decoded: Either<DecodeError, Message>): boolean {
    return turn.length > 0 || isLeft(decoded) || decoded.right.event !== PHX_REPLY
  }

  #endTurn(): void {
    const frames = this.#turn ?? []
    this.#turn = undefined
    for (const frame of frames) if (!this.closed) this.receive(frame)
  }

  #receiveReply(message: Message, frame: Frame): void {
    const receiver = message.ref === null ? undefined : this.replies.get(message.ref)
    if (message.ref === null || receiver?.topic !== message.topic) {
      const status = replyOf(message)?.status
      if (message.ref !== null && status !== undefined && this.leaving.answered(message.ref, status)) return
      const receiver = this.topics.get(message.topic)
      if (!receiver?.unasked(message)) this.drop(message, 'unknown ref')
      return
    }
    const { joinRef } = message
    // Null says nothing: "unmatched topic" has it, and all of version 1.0.0.
    if (joinRef !== null && joinRef !== (receiver.joinRef ?? joinRef)) {
      this.drop(message, 'stale join_ref')
      return
    }
    const reply = replyOf(message)
    if (!reply) {
      this.#skip(frame, { _tag: 'NotAMessage', reason: 'a reply without a status' })
      return
    }
    this.replies.delete(message.ref)
    receiver.settle(reply, message)
  }

  #receiveMessage(message: Message): void {
    const receiver = this.topics.get(message.topic)
    const dropped = receiver ? receiver.receive(message) : 'topic not joined'
    if (dropped === undefined) return
    // The end of a join that we left ourselves is expected: it frees a place on the server.
    const end = message.event === PHX_CLOSE && this.leaving.delete(message.joinRef ?? message.ref ?? '')
    if (!end) this.drop(message, dropped)
  }

  #skip(frame: Frame, error: DecodeError): void {
    this.trace.tell?.({
      type: 'decode-failed',
      connectionId: this.id,
      error: new DecodeFailed({ frame: showFrame(frame).frame, error }),
    })
  }

  #tell(type: 'frame-in' | 'frame-out', startedAt: number, frame: Frame, message?: Message): void {
    const durationMs = performance.now() - startedAt
    this.trace.tell?.({ type, connectionId: this.id, durationMs, frame, message })
  }
}
