import { DEV } from '../protocol/dev.ts'
import { type Observable, type SchedulerLike, type Subscriber, type TeardownLogic } from 'rxjs'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type Message } from '../protocol/message.ts'
import { type Trace } from '../connection/trace.ts'

/**
 * A reducer that lives in the session of a topic and is fed from the first frame on, whether anybody is subscribed to
 * what it makes or not. Calls come in the order of the wire. It must not throw.
 */
export interface Fold {
  /** The topic has been joined, or joined again: what follows belongs to a new join. */
  joined(): void
  /** One message of the events of its plan, of the current join. */
  receive(message: Message): void
  /** The join is gone (connection lost, crash); if it comes back, `joined` is called. */
  lost(): void
  /** Called once, after `joined`, if the messages before this fold are no longer available: it has to repair. */
  missed(): void
}

/** How to make a fold, and what it wants to hear. */
export interface FoldPlan<F extends Fold> {
  /** Plans of one topic with the same key share one fold. */
  readonly key: string
  /** The event that brings the whole, and the one that brings changes. */
  readonly snapshot: string
  readonly delta: string
  /** Further events that it wants to hear, such as that of an error that comes in place of a snapshot. */
  readonly also?: readonly string[]
  readonly create: (host: FoldHost) => F
}

/** What a fold may ask of its session. */
export interface FoldHost {
  readonly name: string
  readonly scheduler: SchedulerLike
  readonly trace: Trace
  /** Leaves and joins again, once; does nothing unless joined. */
  rejoin(): void
  /** Sends an event without a reply; does nothing unless joined. */
  send(event: string, payload: unknown): void
}

/** The key under which a channel hands out folds: for `presence` and `liveState`, not for users. */
export const FOLD: unique symbol = Symbol.for('rx-phoenix fold')

/** What can be made of a fold. */
export interface FoldStream<F extends Fold> {
  /**
   * An Observable of the fold: subscribing joins the topic as every stream of a channel does; it completes and errors as
   * the channel does.
   */
  derive<A>(attach: (fold: F, subscriber: Subscriber<A>) => TeardownLogic): Observable<A>
}

/** A channel, as `presence` and `liveState` see it. */
export interface Foldable {
  /** Registers a plan on the topic, at the call. */
  [FOLD]<F extends Fold>(plan: FoldPlan<F>): FoldStream<F>
}

/** The foldable side of a channel, which its public type does not show. Throws `InvalidArgument` if it has none. */
export const foldable = (channel: { readonly topic: string }): Foldable => {
  if (!(FOLD in Object(channel)))
    throw new InvalidArgument('channel', channel, DEV && 'pass a channel, as socket.channel() gives it.')
  return channel as unknown as Foldable
}
