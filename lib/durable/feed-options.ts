import { DEV } from '../protocol/dev.ts'
import { asyncScheduler, type Observable, type SchedulerLike } from 'rxjs'
import { type Decoder, toDecode } from '../channel/decode-with.ts'
import { type Channel, type ChannelContract, type EventName, type JoinParams } from '../index.ts'
import { checked } from '../protocol/checked.ts'
import { type Checkpoint } from './checkpoint.ts'
import { amount, callable, duration } from './checks.ts'
import { type CompareCursors } from './cursor-tracker.ts'
import { type Cursor } from './position.ts'

/** The range that is missing: everything between two messages, both excluded. */
export interface Missing {
  /** The last message before the gap. */
  readonly after: Cursor
  /** The first message after the gap. Undefined after a join, before the first message: fetch everything up to now. */
  readonly before: Cursor | undefined
}

/** Options of `feed` on a channel. */
export interface FeedOptions<C extends ChannelContract, E extends EventName<C>, A> {
  /** The event whose messages make up the feed, or several events. */
  readonly event: E | readonly E[]
  /** Decodes a payload. A payload that it rejects becomes an `invalid` value of the feed. Default: payloads are trusted. */
  readonly decode?: Decoder<A> | undefined
  /** Returns the position of a message: a text or a finite number that the server can resume after. */
  readonly cursor: (value: A) => Cursor
  /** Returns a whole number that grows by 1 from message to message, so that missing messages are noticed. */
  readonly sequence?: ((value: A) => number) | undefined
  /**
   * Compares cursors that are texts: negative if `a` comes before `b`, 0 if they are equal, positive otherwise. Default: numbers
   * are compared as numbers; texts have no order, and a repeated message is recognized only among the last `window` messages.
   */
  readonly compare?: CompareCursors | undefined
  /**
   * Fetches missing messages: emits their payloads, in order, as the (first) event carries them, and completes. Called for each
   * gap that `sequence` shows and, if the server does not resume by `params`, after each join once a position is known. Messages
   * that arrive meanwhile wait. If it errors, or does not emit all that is missing, the feed emits a `Gap`.
   */
  readonly backfill?: ((missing: Missing, channel: Channel<C>) => Observable<unknown>) | undefined
  /** The longest time in milliseconds to wait for each message of a backfill, and for its end. Default: 30,000. */
  readonly backfillTimeoutMs?: number | undefined
  /** Where the position is loaded from and saved to. Default: in memory, for as long as the feed object exists. */
  readonly checkpoint?: Checkpoint | undefined
  /** Milliseconds from a commit to the save that includes it; when the feed ends, it saves immediately. Default: 1,000. */
  readonly saveEveryMs?: number | undefined
  /** How many of the last cursors are remembered at least; at most, twice as many. Default: 1,000. */
  readonly window?: number | undefined
  /**
   * How many messages may wait for `processWith` or for a backfill. When as many wait, the feed leaves the channel; when half of
   * them are done, it joins again after the last message. A feed without `params` and `backfill` errors with `FeedOverflow`
   * instead. Messages that one backfill emits are not limited. Default: 1,000.
   */
  readonly readAhead?: number | undefined
  /** The clock of saves and timeouts. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined
}

/** Options of `feed` on a socket. */
export interface SocketFeedOptions<C extends ChannelContract, E extends EventName<C>, A> extends FeedOptions<
  C,
  E,
  A
> {
  /** The channel to join. */
  readonly topic: string
  /**
   * Returns the payload of each join and rejoin, which asks the server for the messages after a position; the position is
   * undefined until there is one. Without `params`, missed messages can only be fetched by `backfill`.
   */
  readonly params?: ((cursor: Cursor | undefined) => JoinParams<C>) | undefined
}

/** Options as a run of a feed uses them. */
export interface FeedSettings {
  readonly events: readonly string[]
  readonly decode: ReturnType<typeof toDecode> | undefined
  readonly cursor: (value: unknown) => Cursor
  readonly sequence: ((value: unknown) => number) | undefined
  readonly compare: CompareCursors | undefined
  readonly backfill: ((missing: Missing) => Observable<unknown>) | undefined
  readonly backfillTimeoutMs: number
  readonly saveEveryMs: number
  readonly window: number
  readonly readAhead: number
  readonly scheduler: SchedulerLike
  /** The server resumes by the params of the join. */
  readonly resumes: boolean
}

/** Checks options and fills in what is left out. Throws `InvalidArgument`. */
export const feedSettings = <C extends ChannelContract, E extends EventName<C>, A>(
  options: FeedOptions<C, E, A> & { readonly params?: unknown },
  channel: Channel<C>,
): FeedSettings => {
  const { event, cursor, sequence, compare, backfill, checkpoint, params, decode } = options
  const events: readonly string[] = Array.isArray(event) ? (event as readonly string[]) : [event as string]
  checked(
    events.length > 0 && events.every((name) => typeof name === 'string' && name !== ''),
    'event',
    event,
    DEV && 'pass the name of an event, or several.',
  )
  callable('cursor', cursor, false)
  for (const [name, value] of Object.entries({ sequence, compare, backfill, params })) callable(name, value)
  checked(
    checkpoint === undefined || typeof (checkpoint as Partial<Checkpoint> | null)?.load === 'function',
    'checkpoint',
    checkpoint,
    DEV && 'pass what fileCheckpoint, storageCheckpoint or checkpointOf gives.',
  )
  return {
    events,
    decode: decode && toDecode(decode),
    cursor: cursor as (value: unknown) => Cursor,
    sequence: sequence as ((value: unknown) => number) | undefined,
    compare,
    backfill: backfill && ((missing) => backfill(missing, channel)),
    backfillTimeoutMs: duration('backfillTimeoutMs', options.backfillTimeoutMs ?? 30_000),
    saveEveryMs: duration('saveEveryMs', options.saveEveryMs ?? 1_000),
    window: amount('window', options.window ?? 1_000),
    readAhead: amount('readAhead', options.readAhead ?? 1_000),
    scheduler: options.scheduler ?? asyncScheduler,
    resumes: params !== undefined,
  }
}
