import { DEV } from '../protocol/dev.ts'
import { BehaviorSubject, filter, Observable, share, Subject, takeUntil, tap } from 'rxjs'
import {
  type AnyContract,
  type Channel,
  type ChannelContract,
  type ChannelState,
  type EventName,
  type EventPayload,
  type PhoenixSocket,
} from '../index.ts'
import { checked } from '../protocol/checked.ts'
import { type Checkpoint } from './checkpoint.ts'
import { Checkpointer } from './checkpointer.ts'
import { callable } from './checks.ts'
import { type FeedEvent, type Gap } from './feed-event.ts'
import { type FeedOptions, feedSettings, type SocketFeedOptions } from './feed-options.ts'
import { FeedRun } from './feed-run.ts'
import { type Cursor, type Position } from './position.ts'

/**
 * The messages of a channel with their positions, as `feed` emits them: each once and in order, as long as the process runs. The
 * views `state$`, `position$` and `gaps$` report on the feed while it is subscribed. They do not subscribe to it, never error, and
 * complete when the feed completes or errors.
 */
export interface Feed<A> extends Observable<FeedEvent<A>> {
  /** The states of the channel. A late subscriber gets the current one. */
  readonly state$: Observable<ChannelState>
  /** The position up to which everything is committed. A late subscriber gets the current one, if there is one. */
  readonly position$: Observable<Position>
  /** The gaps, as they are found. Hot: a late subscriber gets only what follows. */
  readonly gaps$: Observable<Gap>
}

/**
 * The messages of one or several events of a channel, from a position onwards, without loss and without repetition.
 *
 * Shared: the first subscriber loads the checkpoint and joins after its position; later subscribers receive what follows. When
 * the last one unsubscribes, the feed leaves the channel and saves the position; if that save fails, the position stays in memory
 * for the next subscription. The feed survives reconnects, asks the server to resume at each rejoin, and drops messages that
 * arrive again. Messages that are missing and cannot be fetched become a `Gap`, and a message without a usable position becomes
 * an `invalid` value, so nothing is lost unnoticed, and the feed continues.
 *
 * Emits `FeedEvent`s. Completes when the server has closed the channel, the handlers of `processWith` are done, and the position
 * is saved. Errors like the channel, with a `ChannelError`, or with `CheckpointInvalid`, `CheckpointLocked`, `CheckpointFailed` or
 * `FeedOverflow`.
 *
 * With a socket, and `topic` in the options, the feed makes the channel itself, and `params` asks the server to resume. The join
 * cannot be shared: if the topic is joined already, with other params or by another feed, the feed errors with `AlreadyJoined`.
 * With a channel of your own, `backfill` fetches what was missed.
 *
 * @example
 * feed(socket, {
 *   topic: 'orders:new',
 *   event: 'order',
 *   cursor: (order: Order) => order.id,
 *   params: (cursor) => ({ after: cursor ?? null }),
 *   checkpoint: fileCheckpoint('orders.checkpoint'),
 * }).pipe(processWith((order) => settle(order)))
 *
 * @throws `InvalidArgument` for options that cannot work.
 */
export function feed<
  C extends ChannelContract = AnyContract,
  E extends EventName<C> = EventName<C>,
  A = EventPayload<C, E>,
>(socket: PhoenixSocket, options: SocketFeedOptions<C, E, A>): Feed<A>
export function feed<
  C extends ChannelContract = AnyContract,
  E extends EventName<C> = EventName<C>,
  A = EventPayload<C, E>,
>(channel: Channel<C>, options: FeedOptions<C, E, A>): Feed<A>
export function feed(
  source: PhoenixSocket | Channel,
  options: SocketFeedOptions<AnyContract, string, unknown> | FeedOptions<AnyContract, string, unknown>,
): Feed<unknown> {
  /** The current run, or the last one. */
  let run: FeedRun | undefined
  const channel = channelOf(source, options, () => run?.cursor)
  const settings = feedSettings(options, channel)
  const checkpointer = new Checkpointer(options.checkpoint ?? memoryCheckpoint(), settings)

  const gaps$ = new Subject<Gap>()
  const positions$ = new BehaviorSubject<Position | undefined>(undefined)
  const states$ = new BehaviorSubject<ChannelState>({ status: 'idle' })
  const hasEnded$ = new BehaviorSubject(false)

  const events$ = new Observable<FeedEvent<unknown>>((subscriber) => {
    hasEnded$.next(false)
    const started = new FeedRun(channel, settings, checkpointer, subscriber, {
      state: (state) => {
        states$.next(state)
      },
      committed: (position) => {
        positions$.next(position)
      },
      gap: (gap) => {
        gaps$.next(gap)
      },
    })
    run = started
    started.start()
    return () => {
      started.stop()
      // The feed may have been subscribed again while this run was ending, as retry() does.
      if (run === started) states$.next({ status: 'idle' })
    }
  }).pipe(
    tap({
      error: () => {
        hasEnded$.next(true)
      },
      complete: () => {
        hasEnded$.next(true)
      },
    }),
    share(),
  )
  const view = <T>(shown$: Observable<T>): Observable<T> =>
    shown$.pipe(takeUntil(hasEnded$.pipe(filter(Boolean))))
  return Object.assign(events$, {
    state$: view(states$),
    position$: view(positions$.pipe(filter((position) => position !== undefined))),
    gaps$: view(gaps$),
  })
}

type AnyOptions = Partial<SocketFeedOptions<AnyContract, string, unknown>>

const channelOf = (
  source: PhoenixSocket | Channel,
  { topic, params }: AnyOptions,
  cursor: () => Cursor | undefined,
): Channel => {
  checked(
    typeof (source as Partial<PhoenixSocket> | null)?.channel === 'function' ||
      typeof (source as Partial<Channel> | null)?.on === 'function',
    'source',
    source,
    DEV && 'pass a socket or a channel.',
  )
  if (!('channel' in source)) {
    checked(
      topic === undefined && params === undefined,
      'params',
      params ?? topic,
      DEV && 'pass the socket with topic and params; a channel has its own.',
    )
    return source
  }
  callable('params', params)
  return source.channel(topic ?? '', {
    lingerMs: 0, // a feed that pauses must come back by a join
    // Bound, since functions are compared by their source text, and two feeds are at two positions.
    ...(params && { params: (() => params(cursor())).bind(undefined) }),
  })
}

const memoryCheckpoint = (): Checkpoint => {
  let kept: Position | undefined
  return {
    load: () => kept,
    save: (position) => {
      kept = position
    },
    close: () => undefined,
  }
}
