import {
  concatMap,
  defer,
  EMPTY,
  filter,
  from,
  ignoreElements,
  type Observable,
  of,
  type SchedulerLike,
  Subject,
  take,
  takeUntil,
  timer,
} from 'rxjs'
import { PHX_JOIN, PHX_LEAVE } from '../protocol/event.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { closed, okTo } from './messages.ts'
import { deviation } from './replay-deviated.ts'

/** One recorded frame of a topic, and how long it came after the one before it on that topic. */
export interface ReplayStep {
  readonly type: 'in' | 'out'
  readonly afterMs: number
  /** Undefined for a frame of the server that is not a valid message. */
  readonly message: Message | undefined
  readonly frame: Frame
}

/** What a topic needs from the connection that is replayed. */
export interface ReplayContext {
  readonly scheduler: SchedulerLike
  readonly matches: (sent: Message, recorded: Message) => boolean
  /** The refs of the client by those of the recording. */
  readonly refs: Map<string, string>
  /** For messages to people: `connection 1, room:lobby`. */
  readonly where: string
}

/**
 * The recorded frames of one topic on one connection. Those of the server wait their time after the frame before them, those
 * of the client wait until they are sent; they may come earlier than they did, and in no other order.
 */
export class ReplayTopic {
  /** Which of the steps are frames of the client. */
  private readonly outs: readonly number[]
  /** How many of those the client has sent, or jumped over by leaving. */
  private sent = 0
  private readonly sent$: Subject<void> = new Subject()
  /** Where a client that left early continues; earlier messages of the server are skipped. */
  private resumesAt = 0
  private left = false
  private readonly left$: Subject<void> = new Subject()

  constructor(
    private readonly steps: readonly ReplayStep[],
    private readonly context: ReplayContext,
  ) {
    this.outs = steps.flatMap(({ type }, index) => (type === 'out' ? [index] : []))
  }

  /** What the server sends. Completes when everything has been sent and received. */
  get frames$(): Observable<Message | Frame> {
    return defer(() =>
      from(this.steps.map((step, index) => ({ step, index }))).pipe(
        // concatMap: a step begins when the one before it is over, which is what its time counts from.
        concatMap(({ step, index }) => (step.type === 'in' ? this.say(step, index) : this.hear(index))),
      ),
    )
  }

  /** Takes a frame of the client; returns what is answered immediately. Throws `ReplayDeviated`. */
  receive(sent: Message): Observable<Message> {
    const recorded = this.next
    if (sent.event === PHX_LEAVE && recorded?.event !== PHX_LEAVE) return this.leave(sent)
    if (recorded?.event !== sent.event || !this.context.matches(sent, recorded))
      throw deviation(this.context.where, sent, recorded)
    for (const key of ['ref', 'joinRef'] as const) {
      const [then, now] = [recorded[key], sent[key]]
      if (then !== null && now !== null) this.context.refs.set(then, now)
    }
    this.sent += 1
    this.left = false
    this.sent$.next()
    return EMPTY
  }

  /** Throws `ReplayDeviated` if the client of the recording has sent more. */
  assertFollowed(): void {
    const missing = this.next
    if (missing && missing.event !== PHX_LEAVE && !this.left)
      throw deviation(this.context.where, undefined, missing)
  }

  /** What the client of the recording sent next. */
  private get next(): Message | undefined {
    return this.messageAt(this.sent)
  }

  private messageAt(out: number): Message | undefined {
    return this.steps[this.outs[out] ?? -1]?.message
  }

  /** A client that leaves early gets the replies to that, and then what follows the next join. */
  private leave(message: Message): Observable<Message> {
    while (this.next && this.next.event !== PHX_JOIN) this.sent += 1
    this.resumesAt = this.outs[this.sent] ?? this.steps.length
    this.left = true
    this.left$.next()
    this.sent$.next()
    return of(okTo(message), closed(message.topic, message.joinRef ?? ''))
  }

  private say({ afterMs, message, frame }: ReplayStep, index: number): Observable<Message | Frame> {
    return defer(() => {
      if (index < this.resumesAt) return EMPTY
      const said$ = defer(() => of(message ? this.mapped(message) : frame))
      const wait$ = timer(afterMs, this.context.scheduler)
      return (afterMs > 0 ? wait$.pipe(concatMap(() => said$)) : said$).pipe(takeUntil(this.left$))
    })
  }

  private hear(index: number): Observable<never> {
    const heard = (): boolean => (this.outs[this.sent] ?? Infinity) > index
    return defer(() => (heard() ? EMPTY : this.sent$.pipe(filter(heard), take(1), ignoreElements())))
  }

  private mapped(message: Message): Message {
    const now = (ref: string | null): string | null =>
      ref === null ? null : (this.context.refs.get(ref) ?? ref)
    return { ...message, ref: now(message.ref), joinRef: now(message.joinRef) }
  }
}
