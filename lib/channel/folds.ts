import { type Observable, type SchedulerLike, type Subscriber, type TeardownLogic } from 'rxjs'
import { DEV } from '../protocol/dev.ts'
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

/**
 * Makes an Observable of a fold: subscribing joins the topic as every stream of a channel does; it completes and errors as the
 * channel does.
 */
export type DeriveFromFold<F extends Fold> = <A>(
  attach: (fold: F, subscriber: Subscriber<A>) => TeardownLogic,
) => Observable<A>

/** A channel, as `presence` and `liveState` see it. */
export interface Foldable {
  /** Registers a plan on the topic, at the call. */
  [FOLD]<F extends Fold>(plan: FoldPlan<F>): DeriveFromFold<F>
}

/** The foldable side of a channel, which its public type does not show. Throws `InvalidArgument` if it has none. */
export const foldable = (channel: { readonly topic: string }): Foldable => {
  if (!(FOLD in Object(channel)))
    throw new InvalidArgument('channel', channel, DEV && 'pass a channel, as socket.channel() gives it.')
  return channel as unknown as Foldable
}

/** A pair of events by which a server keeps a client up to date: one brings the whole, the other changes. */
export interface RetainedPair {
  readonly snapshot: string
  readonly delta: string
}

/** The pairs of Phoenix.Presence, LiveState and Seance. */
export const defaultRetain: readonly RetainedPair[] = [
  { snapshot: 'presence_state', delta: 'presence_diff' },
  { snapshot: 'state:change', delta: 'state:patch' },
  { snapshot: 'seance:change', delta: 'seance:patch' },
]

/** The most changes that are kept for a fold that may come late. */
const MAX_DELTAS = 1_000

/** The last snapshot and the changes since; `missed` once there were too many. */
type Log = Message[] | 'missed'

/**
 * The folds of one join, and for those that may come later (a module that is loaded when the channel has long been joined)
 * the messages that they missed. The core knows names of events only, so what is not imported is not shipped.
 */
export class Folds {
  private readonly folds = new Map<string, { readonly plan: FoldPlan<Fold>; readonly fold: Fold }>()
  /** By the event of the snapshot. */
  private readonly logs = new Map<string, Log>()
  private isJoined: boolean

  /** @param joined - whether the topic is joined now. What came before must not have been of a retained pair. */
  constructor(
    private readonly host: FoldHost,
    private readonly retain: readonly RetainedPair[],
    joined: boolean,
  ) {
    this.isJoined = joined
  }

  /** The fold of a plan. A late one gets what it missed. */
  get<F extends Fold>(plan: FoldPlan<F>): F {
    const found = this.folds.get(plan.key)
    if (found) return found.fold as F
    const fold = plan.create(this.host)
    this.folds.set(plan.key, { plan, fold })
    if (this.isJoined) this.catchUp(plan, fold)
    return fold
  }

  joined(): void {
    this.isJoined = true
    for (const { fold } of this.folds.values()) fold.joined()
  }

  lost(): void {
    if (!this.isJoined) return
    this.isJoined = false
    this.logs.clear()
    for (const { fold } of this.folds.values()) fold.lost()
  }

  receive(message: Message): void {
    if (!this.isJoined) return
    const { event } = message
    let heard = false
    for (const { plan, fold } of this.folds.values())
      if (plan.snapshot === event || plan.delta === event || plan.also?.includes(event)) {
        heard = true
        fold.receive(message)
      }
    if (!heard) this.log(message)
  }

  private log(message: Message): void {
    const { event } = message
    for (const { snapshot, delta } of this.retain) {
      if (event === snapshot) this.logs.set(snapshot, [message])
      else if (event === delta) {
        const log = this.logs.get(snapshot) ?? []
        if (log === 'missed') return
        log.push(message)
        // The snapshot, if there was one, is no change.
        const deltas = log.length - (log[0]?.event === snapshot ? 1 : 0)
        this.logs.set(snapshot, deltas > MAX_DELTAS ? 'missed' : log)
      }
    }
  }

  private catchUp({ snapshot }: FoldPlan<Fold>, fold: Fold): void {
    fold.joined()
    const log = this.logs.get(snapshot)
    this.logs.delete(snapshot)
    const retained = this.retain.some((pair) => pair.snapshot === snapshot)
    if (log === 'missed' || !retained) fold.missed()
    else if (log) this.replay(log, fold)
  }

  private replay(log: readonly Message[], fold: Fold): void {
    try {
      for (const message of log) fold.receive(message)
    } catch {
      // A fold does not throw, but the payloads of a log are unparsed: one may be invalid JSON.
      fold.missed()
    }
  }
}
