import { isLeft } from 'fp-ts/Either'
import { type Unsubscribable } from 'rxjs'
import { type ChannelError, JoinRefused, JoinTimeout, TooManyChannels } from '../protocol/channel-error.ts'
import { InputFailed } from '../protocol/connection-error.ts'
import { PHX_JOIN, PHX_LEAVE } from '../protocol/event.ts'
import { InvalidPayload } from '../protocol/push-error.ts'
import { reasonOf, type Reply } from '../protocol/reply.ts'
import { type DeadlineQueue, type Deadlines, type Timed } from '../connection/deadlines.ts'
import { type WorkOutcome } from '../connection/trace-event.ts'
import { type Task } from '../connection/slots.ts'
import { type ReplyReceiver, type Wire } from '../connection/wire.ts'
import { type ChannelSettings } from './channel-options.ts'

/** Whom a join tells how it goes: `sent`, then one of the others. */
export interface JoinObserver {
  /** Nobody wants the join any more, though nobody has cancelled it yet. */
  readonly closed?: boolean
  /** The topic was joined before: a refusal may not last. */
  readonly wasJoined: boolean
  /** About to be sent: from now on messages may come. */
  sent(joinRef: string): void
  joined(joinRef: string, response: unknown): void
  failed(error: ChannelError, join: Join): void
}

/**
 * One join: waits for its turn on the wire, is sent, and then waits for its answer. The time counts from the sending.
 *
 * Fails with `JoinRefused`, `TooManyChannels`, `JoinTimeout`, or `InputFailed` if the params cannot be carried. It never
 * leaves: whoever cancels a join that was sent has to. An object and no pipeline, since ten thousand may join at once.
 */
export class Join implements Task, ReplyReceiver, Timed, Unsubscribable {
  readonly topic: string
  readonly priority: number
  /** Settled, or cancelled. */
  over = false
  setAt = 0
  readonly #wire: Wire
  readonly #params: unknown
  readonly #timeoutMs: number
  readonly #deadlines: Deadlines
  readonly #observer: JoinObserver
  #deadline: DeadlineQueue | undefined
  #ref = ''
  /** What had come when its time was set. */
  #bytesReceived: number | undefined

  constructor(
    wire: Wire,
    topic: string,
    params: unknown,
    { joinTimeoutMs, priority }: Pick<ChannelSettings, 'joinTimeoutMs' | 'priority'>,
    deadlines: Deadlines,
    observer: JoinObserver,
  ) {
    this.#wire = wire
    this.topic = topic
    this.#params = params
    this.#timeoutMs = joinTimeoutMs
    this.priority = priority
    this.#deadlines = deadlines
    this.#observer = observer
  }

  get joinRef(): string {
    return this.#ref
  }

  begin(): void {
    if (!this.over) this.#wire.joins.add(this)
  }

  start(): void {
    const wire = this.#wire
    if (this.#observer.closed) {
      this.over = true
      wire.joins.free()
      return
    }
    const { topic } = this
    const ref = (this.#ref = wire.nextRef())
    wire.joining.count(1)
    this.#tell('start')
    // Whoever was told that may have cancelled it.
    if (this.over) return
    // Listen before sending, since a server in memory answers within send.
    wire.replies.set(ref, this)
    this.#setDeadline()
    this.#observer.sent(ref)
    const sent = wire.send({ topic, event: PHX_JOIN, payload: this.#params, ref, joinRef: ref })
    if (isLeft(sent))
      this.fail(new InputFailed('params', new InvalidPayload({ topic, event: PHX_JOIN, error: sent.left })))
  }

  settle({ status, response }: Reply): void {
    const { topic } = this
    this.#wire.proved()
    if (status !== 'ok') {
      const rejoin = this.#observer.wasJoined || undefined
      this.fail(
        reasonOf(response) === 'too many channels joined'
          ? new TooManyChannels(topic, rejoin)
          : new JoinRefused({ topic, response, ...(rejoin && { rejoin }) }),
      )
    } else {
      this.#tell('end', 'ok')
      if (this.over) return
      this.#observer.joined(this.#ref, response)
      this.unsubscribe()
    }
  }

  timeOut(timeoutMs: number): void {
    const wire = this.#wire
    // A large reply on a slow line: another join would queue behind it, and another reply behind that.
    if (wire.receiving && wire.bytesReceived !== this.#bytesReceived) {
      this.#setDeadline()
      return
    }
    wire.joining.suspect()
    this.fail(new JoinTimeout({ topic: this.topic, timeoutMs }))
  }

  /** Frees its place, and forgets the answer. */
  unsubscribe(): void {
    if (this.over) return
    this.over = true
    const wire = this.#wire
    if (this.#ref === '') {
      wire.joins.remove(this)
      return
    }
    // The trace hears of the first end only.
    this.#tell('end', 'abandoned')
    wire.replies.delete(this.#ref)
    this.#deadline?.clear(this)
    wire.joining.count(-1)
    wire.joins.free()
  }

  #setDeadline(): void {
    this.#bytesReceived = this.#wire.bytesReceived
    this.#deadline = this.#deadlines.set(this.#timeoutMs, this)
  }

  #tell(step: 'start' | 'end', outcome?: WorkOutcome): void {
    const { id: connectionId, trace } = this.#wire
    trace.tell?.({ type: 'join', key: this, step, outcome, topic: this.topic, connectionId })
  }

  /** Ends it with an error. */
  fail(error: ChannelError): void {
    this.#tell('end', error._tag)
    if (this.over) return
    this.#observer.failed(error, this)
    this.unsubscribe()
  }
}

/** Sends a leave and does not wait for its answer. The join counts as leaving until the server has closed it. */
export const leave = (wire: Wire, topic: string, joinRef: string): void => {
  const ref = wire.nextRef()
  wire.leaving.add(joinRef, ref)
  wire.send({ topic, event: PHX_LEAVE, payload: {}, ref, joinRef })
}
