import { type Either, isLeft, right } from 'fp-ts/Either'
import { noop, type Observable, Subject } from 'rxjs'
import { DecodeFailed } from '../protocol/decode-failed.ts'
import { PHX_CLOSE, PHX_REPLY } from '../protocol/event.ts'
import { type Frame, type Message, plainMessage } from '../protocol/message.ts'
import { replyOf } from '../protocol/reply.ts'
import { type DecodeError, type EncodeError } from '../protocol/serializer.ts'
import { type Link } from '../transport/transport.ts'
import { type AwaitedReply } from './awaited-reply.ts'
import { type Backlog } from './backlog.ts'
import { JoinTurns } from './join-turns.ts'
import { Leaves } from './leaves.ts'
import { type SocketContext } from './socket-context.ts'
import { type DropReason } from './trace.ts'

/** Receives the messages of a topic. */
export interface TopicReceiver {
  /** Returns a reason if the message was dropped. */
  receive(message: Message): DropReason | undefined
  /** Takes a reply that nobody awaits, such as that to a send. Returns false if it means nothing. */
  receiveUnawaited(message: Message): boolean
}

/**
 * One open connection that speaks Phoenix: encodes and sends, decodes and routes. It owns the table of awaited replies and
 * the table of joined topics, so that late replies and stale joins go with it when it is replaced.
 */
export class Wire {
  readonly id: number
  /** By ref. */
  readonly replies: Map<string, AwaitedReply> = new Map()
  /** Joined and joining topics. */
  readonly topics: Map<string, TopicReceiver> = new Map()
  /** The joins that have been sent, and those that wait for their turn. */
  readonly turns: JoinTurns
  readonly leaves: Leaves
  /** Pushes that wait until the transport has caught up. */
  backlog: Backlog | undefined
  /** The link is lost or abandoned: nothing is sent any more. */
  closed = false
  private readonly latencies$: Subject<number> = new Subject()
  private readonly arrived$: Subject<void> = new Subject()
  /** Frames that wait for their turn. */
  private waiting: Frame[] | undefined
  /** Topics and subscribers are being notified of the open connection: no frame is taken in meanwhile. */
  private announcing = false
  /** How many bytes had arrived with the last frame that came during a join. */
  private heardBytes: number | undefined

  /** @param lost - called if the transport throws at a frame. */
  constructor(
    readonly link: Link,
    readonly context: SocketContext,
    /** Called when the server has answered a heartbeat or a join. */
    readonly proved: () => void,
    private readonly lost: (error: unknown) => void,
  ) {
    const { joinsInFlight, scheduler } = context.settings
    this.id = Number(context.nextConnectionId())
    this.turns = new JoinTurns(joinsInFlight)
    this.leaves = new Leaves(scheduler)
  }

  /** Round trips of heartbeats, in ms. */
  get latency$(): Observable<number> {
    return this.latencies$
  }

  /** A frame has arrived, whatever is in it. */
  get frames$(): Observable<void> {
    return this.arrived$
  }

  /** True if bytes have arrived that are not a whole frame yet, as far as the platform shows it. */
  get receiving(): boolean {
    return this.link.bytesReceived !== this.heardBytes
  }

  /**
   * Encodes and hands over one message. `Left`: why it cannot be encoded. False: the link did not accept the frame. Then
   * nothing was sent.
   *
   * @param notTaken - called if the link did not take the frame, before the connection is lost for that.
   */
  send(message: Message, notTaken: () => void = noop): Either<EncodeError, boolean> {
    const { settings, trace } = this.context
    const startedAt = trace.emit ? performance.now() : 0
    const encoded = settings.serializer.encode(message)
    if (isLeft(encoded)) return encoded
    if (this.closed) {
      notTaken()
      return right(false)
    }
    this.traceFrame('frame-out', startedAt, encoded.right, message)
    try {
      this.link.send(encoded.right)
      return right(true)
    } catch (error) {
      notTaken()
      this.lost(error)
      return right(false)
    }
  }

  /** A heartbeat was answered. */
  measured(latencyMs: number): void {
    this.proved()
    this.latencies$.next(latencyMs)
  }

  close(): void {
    this.closed = true
    this.turns.clear()
  }

  /** Holds joins and frames back while this runs: joins all go out before the reply to one sets off pushes. */
  hold(announce: () => void): void {
    this.announcing = true
    this.waiting = []
    try {
      this.turns.together(announce)
    } finally {
      this.announcing = false
      this.endTurn()
    }
  }

  /** Takes one frame in: decode, one look-up by ref or by topic, and on to the receiver. */
  receive(frame: Frame): void {
    const { context, turns, waiting } = this
    if (this.announcing) {
      waiting?.push(frame)
      return
    }
    turns.suspect(false)
    if (this.arrived$.observed) this.arrived$.next()
    if (turns.any) this.heardBytes = this.link.bytesReceived
    const startedAt = context.trace.emit ? performance.now() : 0
    const decoded = context.settings.serializer.decode(frame)
    const message = isLeft(decoded) ? undefined : decoded.right
    // A reply does not wait for its turn, as its receiver is there already: a burst of replies costs no more than one turn.
    if (waiting && (waiting.length > 0 || message?.event !== PHX_REPLY)) {
      waiting.push(frame)
      return
    }
    this.traceFrame('frame-in', startedAt, frame, message)
    if (isLeft(decoded)) {
      this.skip(frame, decoded.left)
      return
    }
    const { departures } = context
    try {
      this.route(decoded.right, frame)
    } catch (error) {
      // A payload that turned out to be invalid JSON when it was read. Nobody has received it by then.
      if (!(error instanceof DecodeFailed)) throw error
      context.trace.emit?.({ type: 'decode-failed', connectionId: this.id, error })
    }
    if (departures !== context.departures) this.yieldTurn()
  }

  /** Takes in immediately what waits for its turn, as when the link is lost. */
  flush(): void {
    while (this.waiting && !this.announcing) this.endTurn()
  }

  /** Drops a message, and reports it to the trace. */
  private drop(message: Message, reason: DropReason): void {
    this.context.trace.emit?.({ type: 'dropped', connectionId: this.id, reason, message })
  }

  private route(message: Message, frame: Frame): void {
    const { arrivals$ } = this.context
    if (arrivals$.observed) arrivals$.next(plainMessage(message))
    if (message.event === PHX_REPLY) this.receiveReply(message, frame)
    else this.receiveMessage(message)
  }

  /**
   * A subscriber that awaited this frame has gone, and may come back for the next one, as a script does that awaits one thing
   * after the other. Where several frames arrive in one task, the next message waits until Promises have been served.
   */
  private yieldTurn(): void {
    const { nextTask } = this.link
    if (!nextTask || this.waiting) return
    this.waiting = []
    nextTask(() => {
      this.endTurn()
    })
  }

  private endTurn(): void {
    const frames = this.waiting ?? []
    this.waiting = undefined
    for (const frame of frames) if (!this.closed) this.receive(frame)
  }

  private receiveReply(message: Message, frame: Frame): void {
    const { topic, ref, joinRef } = message
    const awaited = ref === null ? undefined : this.replies.get(ref)
    if (ref === null || awaited?.topic !== topic) {
      if (!this.topics.get(topic)?.receiveUnawaited(message)) this.drop(message, 'unknown ref')
      return
    }
    // A join_ref of null proves nothing: replies "unmatched topic" and all of version 1.0.0 have it.
    if (joinRef !== null && joinRef !== (awaited.joinRef ?? joinRef)) {
      this.drop(message, 'stale join_ref')
      return
    }
    const reply = replyOf(message)
    if (!reply) {
      this.skip(frame, { _tag: 'NotAMessage', reason: 'a reply without a status' })
      return
    }
    awaited.settle({ reply, message })
  }

  private receiveMessage(message: Message): void {
    const receiver = this.topics.get(message.topic)
    const dropped = receiver ? receiver.receive(message) : 'topic not joined'
    if (dropped === undefined) return
    // The end of a join that we left is expected: it frees a place on the server.
    const left = message.event === PHX_CLOSE && this.leaves.delete(message.joinRef ?? message.ref ?? '')
    if (!left) this.drop(message, dropped)
  }

  private skip(frame: Frame, error: DecodeError): void {
    this.context.trace.emit?.({ type: 'undecodable', connectionId: this.id, frame, error })
  }

  private traceFrame(
    type: 'frame-in' | 'frame-out',
    startedAt: number,
    frame: Frame,
    message: Message | undefined,
  ): void {
    const { trace } = this.context
    trace.emit?.({ type, connectionId: this.id, durationMs: performance.now() - startedAt, frame, message })
  }
}
