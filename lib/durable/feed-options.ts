import { DEV } from '../protocol/dev.ts'
import { asyncScheduler, type Observable, type SchedulerLike } from 'rxjs'
import { type Decoder, toDecode } from '../channel/decode-with.ts'
import { type Channel, type ChannelContract, type EventName, type JoinParams } from '../index.ts'
import { checked } from '../protocol/checked.ts'
import { type Checkpoint } from './checkpoint.ts'
import { amount, callable, duration } from './checks.ts'
import { type CompareCursors } from './cursor-tracker.ts'
import { type Cursor } from './position.ts'

/** What is missing: everything between two messages, both excluded. */
export interface Missing {
  /** The last message before the gap. */
  readonly after: Cursor
  /** The first after it; undefined after a join, when nothing has come yet: everything up to now. */
  readonly before: Cursor | undefined
}

/** Options of `feed` on a channel. */
export interface FeedOptions<C extends ChannelContract, E extends EventName<C>, A> {
  /** The event, or several, whose messages make up the feed. */
  readonly event: E | readonly E[]
  /** Reads a payload. One that is rejected is an `invalid` value of the feed. Default: payloads are trusted. */
  readonly decode?: Decoder<A> | undefined
  /** The position of a message: a text or a number by which the server knows it. */
  readonly cursor: (value: A) => Cursor
  /** A number that grows by 1 from message to message. With it a gap is noticed. */
  readonly sequence?: ((value: A) => number) | undefined
  /**
   * The order of cursors, where they have one and are no numbers, which are compared as such. Without an order a message
   * that comes again is known by its cursor, among those of the last `window` messages.
   */
  readonly compare?: CompareCursors | undefined
  /**
   * Fetches what is missing, in order: payloads as the event has them. Called for each gap that `sequence` shows and, if
   * the server does not resume by `params`, after each join that follows a known position. Messages that come meanwhile
   * wait. What it does not give becomes a `Gap`.
   */
  readonly backfill?: ((missing: Missing, channel: Channel<C>) => Observable<unknown>) | undefined
  /** Milliseconds from one message of a backfill to the next, and to its end. Default: 30,000. */
  readonly backfillTimeoutMs?: number | undefined
  /** Where the position is loaded from at the start and saved to. Default: in memory, as long as the feed object lives. */
  readonly checkpoint?: Checkpoint | undefined
  /** At most one save in so many milliseconds, and one at the end. Default: 1,000. */
  readonly saveEveryMs?: number | undefined
  /** How many cursors are remembered at least, and half of how many at most. Default: 1,000. */
  readonly window?: number | undefined
  /**
   * How many messages may wait for `processWith` or for a backfill. Beyond that the feed leaves the channel, and joins it
   * again behind the last message when half of them are done; one without `params` and `backfill` errors with
   * `FeedOverflow` instead. What one backfill emits is delivered whole. Default: 1,000.
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
   * The payload of each join and rejoin: asks the server for what comes after a position; undefined at the very first.
   * Left out, the server is asked for nothing, and what was missed can only be backfilled.
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
