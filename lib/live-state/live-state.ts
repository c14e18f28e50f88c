import { DEV } from '../protocol/dev.ts'
import { isLeft, right } from 'fp-ts/Either'
import { distinctUntilChanged, EMPTY, filter, map, Observable } from 'rxjs'
import { type Decoder, toDecode } from '../channel/decode-with.ts'
import { FOLD, foldable } from '../channel/folds.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { duration } from '../connection/checks.ts'
import { type Dialect, dialectOf } from './dialects.ts'
import { lookUp } from './json-value.ts'
import { parsePointer } from './json-pointer.ts'
import { type LiveStateFold, liveStateFold } from './live-state-fold.ts'
import { OVERLAY, type Overlaid } from './overlay.ts'
import { type ShownState, shownState } from './shown-state.ts'
import { type Versioned } from './versioned-state.ts'

/** Options of `liveState`. */
export interface LiveStateOptions<S> {
  /** The protocol of the server: `'seance'`, `'live-state'`, or the names of another dialect. */
  readonly dialect: 'seance' | 'live-state' | Dialect
  /** The `max_version` of the server, which 0 follows. Default: learnt at the first wrap. */
  readonly maxVersion?: number
  /**
   * Reads whole states: a function that returns an `Either`, or a Standard Schema. A state that it rejects is repaired.
   * Default: the type is trusted.
   */
  readonly decode?: Decoder<S>
  /** Milliseconds until a rejoin if a refresh is not answered. Default: 5,000. */
  readonly repairTimeoutMs?: number
}

/**
 * `loading`: nothing has arrived yet. `live`: every change so far has been applied. `stale`: the last good state, while
 * it is repaired or the channel is not joined. `error`: the server reported that it has no state.
 */
export type LiveStateStatus = Versioned['status']

/**
 * The state that a server owns, as an Observable of immutable values. A subscriber gets the current state immediately,
 * then each one that differs; parts that are equal stay the same object, also over a refresh or a rejoin. Subscribing
 * joins the topic, as every stream of a channel does. The subscription survives reconnects, completes when the server
 * closes the channel, and errors with a `ChannelError` when a policy stops. The other streams end in the same way.
 */
export interface LiveState<S> extends Observable<S> {
  /** The version of the last good state of the server. */
  readonly version$: Observable<number>
  readonly status$: Observable<LiveStateStatus>
  /** What the server sends in place of a state, unchanged. A late subscriber gets the latest one, unless a state has arrived since. */
  readonly errors$: Observable<unknown>
  /** The details of one event of the server. Hot. */
  on(name: string): Observable<unknown>
  /**
   * Sends an event to the server. No reply comes: completes once the event is handed to the transport, or errors with a
   * `PushError`. Cold: each subscription sends once.
   */
  dispatch(name: string, detail?: unknown): Observable<never>
  /**
   * Asks for the whole state; with a dialect that has no event for it, by a rejoin. Completes once the request is sent
   * or the rejoin has begun. Cold.
   */
  refresh(): Observable<never>
  /**
   * A part of the state, whenever it changes: by a function, a key, or a JSON Pointer such as `/todos/0/title`.
   * Values are compared by identity, so let a function pick a part rather than make a new object.
   */
  select<A>(part: (state: S) => A): Observable<A>
  /** The part under a key. */
  select<K extends keyof S & string>(part: K): Observable<S[K]>
  /** The part that a JSON Pointer (RFC 6901) names; undefined if it does not exist. */
  select(part: `/${string}`): Observable<unknown>
}

/** A channel of `socket.channel`, whatever its contract. */
export interface LiveChannel {
  readonly topic: string
  /** As that of a channel. */
  on(event: string): Observable<unknown>
  /** As that of a channel. */
  send(event: string, payload?: unknown): Observable<never>
}

/**
 * The state of a channel of a LiveState or Seance server. Registers with the channel when it is called, and is kept up
 * to date from then on while the topic is joined, whether or not there are subscribers. A message that is missing, does
 * not apply or has the wrong shape leads to one repair, which is a refresh or else a rejoin; until it succeeds the last
 * good state stays and is `stale`. Repairs within a minute of each other wait 1, 2, 4 … 30 s.
 *
 * @throws `InvalidArgument` if an option is invalid.
 */
export const liveState = <S>(channel: LiveChannel, options: LiveStateOptions<S>): LiveState<S> => {
  // Without options the dialect is missing, and its check throws.
  const { decode, maxVersion, repairTimeoutMs = 5_000 }: Partial<LiveStateOptions<S>> = { ...options }
  const dialect = dialectOf({ ...options }.dialect)
  if (DEV && maxVersion !== undefined && (!Number.isSafeInteger(maxVersion) || maxVersion < 1))
    throw new InvalidArgument('maxVersion', maxVersion, 'pass a whole number above 0.')
  duration('repairTimeoutMs', repairTimeoutMs)
  const shown: ShownState<S> = shownState(decode === undefined ? undefined : toDecode(decode))
  const { change, patch, error, event: eventName, eventPrefix, refresh: refreshEvent } = dialect
  const derive = foldable(channel)[FOLD]({
    key: JSON.stringify(['live-state', change, patch]),
    snapshot: change,
    delta: patch,
    also: [error],
    create: (host) => liveStateFold(host, { dialect, maxVersion, repairTimeoutMs }),
  })
  const derived = <A>(read: (fold: LiveStateFold) => Observable<A>): Observable<A> =>
    derive<A>((fold, subscriber) => read(fold).subscribe(subscriber))
  const state$ = derived((fold) => shown.of(fold))
  const versioned$ = derived((fold) => fold.versioned$)
  const live = new Observable<S>((subscriber) => state$.subscribe(subscriber))

  const members: Omit<LiveState<S>, keyof Observable<S>> & Overlaid<S> = {
    version$: versioned$.pipe(
      map(({ whole }) => whole?.version),
      filter((version) => version !== undefined),
      distinctUntilChanged(),
    ),
    status$: versioned$.pipe(
      map(({ status }) => status),
      distinctUntilChanged(),
    ),
    errors$: derived((fold) => fold.errors$),
    on: (name) => {
      eventNamed(name)
      if (eventName === undefined) return channel.on(name)
      return channel.on(eventName).pipe(
        filter((payload) => lookUp(payload, 'name')?.value === name),
        map((payload) => lookUp(payload, 'detail')?.value),
      )
    },
    dispatch: (name, detail = {}) => {
      eventNamed(name)
      return channel.send(eventPrefix + name, detail)
    },
    refresh: () =>
      refreshEvent === undefined
        ? derive((fold, subscriber) => {
            fold.host.rejoin()
            return EMPTY.subscribe(subscriber)
          })
        : channel.send(refreshEvent, {}),
    select: (part: unknown): Observable<never> => {
      const selected$ = live.pipe(map(selector(part)), distinctUntilChanged())
      return selected$ as Observable<never> // as the overloads declare
    },
    [OVERLAY]: (change) => shown.overlay(change),
  }
  return Object.assign(live, members)
}

/** Checks the name of an event. */
const eventNamed = (name: unknown): void => {
  if (DEV && (typeof name !== 'string' || name === ''))
    throw new InvalidArgument('name', name, 'pass the name of an event.')
}

/** Reads a part of a state: by a function, a key or a JSON Pointer. */
const selector = (part: unknown): ((state: unknown) => unknown) => {
  if (typeof part === 'function') return part as (state: unknown) => unknown
  if (typeof part !== 'string')
    throw new InvalidArgument(
      'part',
      part,
      DEV && 'pass a function, a key, or a JSON Pointer such as /todos/0.',
    )
  const pointer = part.startsWith('/') ? parsePointer(part) : right([part])
  if (isLeft(pointer)) throw new InvalidArgument('part', part, DEV && pointer.left + '.')
  return (state) => pointer.right.reduce<unknown>((value, key) => lookUp(value, key)?.value, state)
}
