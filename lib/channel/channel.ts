import { Observable, type Subscriber, type TeardownLogic } from 'rxjs'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { isReservedEvent } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'
import { duration, optionsIn } from '../connection/checks.ts'
import { type ChannelOptions, checkOptions } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import {
  type AnyContract,
  type ChannelContract,
  type EventName,
  type EventPayload,
  type PushName,
  type PushPayload,
  type PushReply,
} from './contract.ts'
import { type DecodeOptions, type Decoder, decodeWith } from './decode-with.ts'
import { type Fold, FOLD, type Foldable, type FoldPlan, type DeriveFromFold } from './folds.ts'
import { type Attach, type Held, type HeldTopics } from './held-topics.ts'
import { ALL, END } from './listeners.ts'
import { push } from './push.ts'

/** Options of one send. */
export interface SendOptions {
  /**
   * Back-pressure: waits, in order with other waiting sends, while the transport buffers more than this many bytes, as far as
   * the platform shows it (`bufferedAmount`). Default: sends immediately.
   */
  readonly highWaterMark?: number
}

/** Options of one push. */
export interface PushOptions extends SendOptions {
  /** Milliseconds from subscription to the reply. Default: `pushTimeoutMs` of the channel, 10,000. */
  readonly timeoutMs?: number
}

// A payload may be left out where the contract allows undefined, or anything.
type PushArguments<P, O extends unknown[]> = undefined extends P
  ? [payload?: P, ...options: O]
  : [payload: P, ...options: O]

/**
 * A handle on a topic. Subscribing to any of its streams joins the topic (one join, shared by all subscribers of the topic
 * through any handle) and keeps the socket connected; the last unsubscribe leaves.
 *
 * As an Observable it emits the states of the join: the current one immediately, then each change. It survives reconnects,
 * completes when the server closes the channel (the last value is `closed`), and errors with a `ChannelError` when a policy
 * stops, by default when the server refuses the join; or with `AlreadyJoined` if the topic is joined with other options.
 */
export interface Channel<C extends ChannelContract = AnyContract> extends Observable<ChannelState<C>> {
  readonly topic: string
  /** The current state, without subscribing; `idle` when nobody is subscribed. */
  readonly state: ChannelState<C>
  /** Every message of the channel with its refs, but no replies and no events of the protocol. Hot; ends as the channel does. */
  readonly messages$: Observable<Message>
  /** The payloads of one event. Hot: what came before the subscription is not repeated. Ends as the channel does. */
  on<E extends EventName<C>>(event: E): Observable<EventPayload<C, E>>
  /** The same, decoded. A payload that the decoder rejects is skipped and traced, or errors the stream with `{ invalid: 'error' }`. */
  on<A, E = unknown>(event: EventName<C>, decode: Decoder<A, E>, options?: DecodeOptions): Observable<A>
  /**
   * Pushes an event and emits the response of its reply. Cold: each subscription sends once, when the channel is joined. One
   * value, then complete; or a `PushError`. Unsubscribing cancels: a push that has not been sent is never sent, and a late
   * reply is dropped.
   */
  push<E extends PushName<C>>(
    event: E,
    ...args: PushArguments<PushPayload<C, E>, [options?: PushOptions]>
  ): Observable<PushReply<C, E>>
  /** Pushes an event without a reply. Completes once it is handed to the transport, or errors with a `PushError`. */
  send<E extends PushName<C>>(
    event: E,
    ...args: PushArguments<PushPayload<C, E>, [options?: SendOptions]>
  ): Observable<never>
}

/** A light handle on a topic: it holds options and nothing else. Nothing happens until somebody subscribes. */
export const channel = <C extends ChannelContract>(
  topic: string,
  options: ChannelOptions<C>,
  topics: HeldTopics,
): Channel<C> => {
  checked(
    typeof topic === 'string' && topic !== '',
    'topic',
    topic,
    DEV && 'pass a topic such as "room:lobby".',
  )
  checkOptions(options)
  return new Handle(topic, options, topics) as unknown as Channel<C>
}

/** What a handle holds. */
interface Parts extends Held {
  readonly topics: HeldTopics
  plans?: Map<string, FoldPlan<Fold>>
}

class Handle extends Observable<ChannelState> implements Foldable {
  /** A function and no fields, since a Proxy around a channel (`reactive` of Vue, MobX) also wraps what is in its fields. */
  private readonly parts: () => Parts

  constructor(
    readonly topic: string,
    options: ChannelOptions,
    topics: HeldTopics,
  ) {
    const parts: Parts = { topic, options, topics }
    super((subscriber) => {
      topics.hold(subscriber, parts, toStates)
    })
    this.parts = () => parts
  }

  get state(): ChannelState {
    return this.parts().topics.stateOf(this.topic)
  }

  get messages$(): Observable<Message> {
    return derive(this.parts(), (topic, subscriber) => topic.listeners.add(ALL, subscriber))
  }

  [FOLD]<F extends Fold>(plan: FoldPlan<F>): DeriveFromFold<F> {
    const parts = this.parts()
    parts.plans ??= new Map()
    parts.plans.set(plan.key, plan)
    parts.topics.register(parts.topic, plan)
    return <A>(attach: (fold: F, subscriber: Subscriber<A>) => TeardownLogic) =>
      derive<A>(parts, (topic, subscriber) => {
        subscriber.add(attach(topic.fold(plan), subscriber))
        // The end of the channel is the end of everything made of it.
        return topic.listeners.add(END, subscriber)
      })
  }

  on<A>(event: string, decode?: Decoder<A>, options: DecodeOptions = {}): Observable<unknown> {
    checkEvent(event)
    const parts = this.parts()
    const { trace } = parts.topics.context
    const payloads$ = derive<unknown>(parts, (topic, subscriber) => topic.listeners.add(event, subscriber))
    if (decode === undefined) return payloads$
    return payloads$.pipe(
      decodeWith(event, decode, options, (error) =>
        trace.emit?.({ type: 'decode-failed', connectionId: undefined, error }),
      ),
    )
  }

  push(event: string, payload: unknown = {}, options: PushOptions = {}): Observable<unknown> {
    return pushed(this.parts(), event, payload, true, options)
  }

  send(event: string, payload: unknown = {}, options: SendOptions = {}): Observable<unknown> {
    return pushed(this.parts(), event, payload, false, options)
  }
}

const pushed = (
  parts: Parts,
  event: string,
  payload: unknown,
  wantsReply: boolean,
  options: PushOptions,
): Observable<unknown> => {
  checkEvent(event)
  if (DEV) optionsIn('options', options)
  const { highWaterMark, timeoutMs } = options
  if (timeoutMs !== undefined) duration('timeoutMs', timeoutMs)
  if (DEV)
    checked(
      highWaterMark === undefined || (typeof highWaterMark === 'number' && highWaterMark >= 0),
      'highWaterMark',
      highWaterMark,
      'pass a number of bytes, 0 or more.',
    )
  const outgoing = { event, payload, wantsReply, highWaterMark }
  return derive(parts, (topic, subscriber) => push(topic, outgoing, timeoutMs).subscribe(subscriber))
}

const derive = <A>(parts: Parts, attach: Attach<A>): Observable<A> =>
  new Observable((subscriber) => {
    parts.topics.hold(subscriber, parts, attach)
  })

const toStates: Attach<ChannelState> = (topic, subscriber) => topic.observe(subscriber)

const checkEvent = (event: string): void => {
  if (!DEV) return
  checked(typeof event === 'string' && event !== '', 'event', event, 'pass the name of an event.')
  checked(
    !isReservedEvent(event),
    'event',
    event,
    'the protocol keeps it for itself; subscribe to the channel for its state.',
  )
}
