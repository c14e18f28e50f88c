import {
  defer,
  dematerialize,
  materialize,
  Observable,
  ReplaySubject,
  share,
  switchMap,
  throwError,
} from 'rxjs'
import {
  type AnyContract,
  type Channel,
  type ChannelContract,
  type PushName,
  type PushPayload,
} from '../index.ts'
import { DEV } from '../protocol/dev.ts'
import { checked } from '../protocol/checked.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { InvalidPayload } from '../protocol/push-error.ts'
import { type OutboxEntry, type OutboxState } from './outbox-entry.ts'
import { OutboxLife } from './outbox-life.ts'
import { type OutboxOptions, outboxSettings } from './outbox-options.ts'
import { OutboxRequests } from './outbox-requests.ts'
import { EntryLog } from './outbox-store.ts'
import { unstorable } from './storable.ts'

/** Options of one push into an outbox. */
export interface OutboxPushOptions {
  /** The idempotency key, if the application has one of its own. Default: `newKey` of the outbox. */
  readonly key?: string | undefined
}

/** An outbox, as `outbox` makes it: pushes that are stored until the server has replied. */
export interface Outbox<C extends ChannelContract = AnyContract> {
  /**
   * Stores a push and sends it when its turn comes. Cold: each subscription makes one entry. Emits `queued` once the entry is
   * stored, `sending` at each attempt, then `done`, `refused` or `discarded`, and completes. Unsubscribing leaves the entry in the
   * outbox; use `discard` to remove it. Errors with `StoreFailed`, `StoreLocked`, `InvalidPayload`, `InvalidArgument` or `KeyReused`
   * if nothing was stored.
   *
   * If the outbox has an entry with this key, event and payload, no second one is made: the states of that entry are emitted.
   */
  push<E extends PushName<C>>(
    event: E,
    payload: PushPayload<C, E>,
    options?: OutboxPushOptions,
  ): Observable<OutboxState>
  /**
   * All entries that are not done, in order: when subscribed, then again after changes, at most once a turn. Never completes.
   * Errors with `StoreFailed` or `StoreLocked` if the entries cannot be read.
   */
  readonly entries$: Observable<readonly OutboxEntry[]>
  /**
   * Sends a refused entry again. Cold: emits undefined when the entry is queued, and completes. Does nothing for an entry that is
   * not refused. Errors with `EntryUnknown`, `StoreFailed` or `StoreLocked`.
   */
  retry(key: string): Observable<void>
  /**
   * Removes an entry, which may have arrived if it was being sent. Cold: emits undefined when the entry is removed, and completes.
   * Errors as `retry` does.
   */
  discard(key: string): Observable<void>
  /** Sends without waiting for the next attempt. Cold: completes when nothing is queued or being sent. Errors as `entries$` does. */
  flush(): Observable<never>
}

/**
 * Pushes that survive a reload, a crash and a day without network. Each push is stored before it is sent, carries an idempotency
 * key, and is sent again after a lost connection, a timeout or a crash, until the server has replied. It may therefore arrive more
 * than once: the server has to act on each key only once.
 *
 * Entries are sent while anything of the outbox is subscribed. Keep `entries$` subscribed for as long as the application runs, so
 * that entries of earlier runs are sent, too. An entry that the server refuses is stored until it is retried or discarded, and the
 * next one is sent.
 *
 * If several tabs share a store, one of them sends, all show the entries, and when the sending tab closes, another one takes over.
 * If several processes share a LevelDB, one can open it; in the others everything errors with `StoreLocked`.
 *
 * @example
 * const outgoing = outbox(socket.channel('room:lobby'), { store: new Level('outbox') })
 * outgoing.push('new_msg', { body: 'hello' }).subscribe(({ status }) => console.log(status))
 *
 * @throws `InvalidArgument` for options that cannot work.
 */
export const outbox = <C extends ChannelContract = AnyContract>(
  channel: Channel<C>,
  options: OutboxOptions,
): Outbox<C> => {
  checked(
    typeof (channel as Partial<Channel> | null)?.push === 'function',
    'channel',
    channel,
    DEV && 'pass a channel of a socket.',
  )
  const { topic } = channel
  const settings = outboxSettings(options, topic)
  const log = new EntryLog(options.store, settings.name, options.sync ?? false)
  const open$ = new Observable<OpenOutbox>((subscriber) => {
    const life = new OutboxLife(channel, log, settings)
    const failed = (error: unknown): void => {
      subscriber.error(error)
    }
    life.begin(failed).then(() => {
      subscriber.next({ life, requests: new OutboxRequests(life, log, settings) })
    }, failed)
    return () => {
      life.end()
    }
  }).pipe(share({ connector: () => new ReplaySubject(1) }))

  /** A stream of the open outbox, which it keeps open until it ends. */
  const during = <T>(stream: (open: OpenOutbox) => Observable<T>): Observable<T> =>
    open$.pipe(
      switchMap((open) => stream(open).pipe(materialize())),
      dematerialize(),
    )

  return {
    entries$: during(({ life }) => life.entries.snapshots(settings.scheduler)),
    push: (event: string, payload: unknown, { key }: OutboxPushOptions = {}) => {
      checked(typeof event === 'string' && event !== '', 'event', event, DEV && 'pass the name of an event.')
      checked(key === undefined || (typeof key === 'string' && key !== ''), 'key', key, DEV && 'pass a text.')
      return defer(() => {
        const reason = unstorable(payload)
        if (reason !== undefined)
          return throwError(
            () => new InvalidPayload({ topic, event, error: { _tag: 'NotSerializable', reason } }),
          )
        if (!settings.anyPayload && !isPlain(payload))
          return throwError(
            () =>
              new InvalidArgument(
                'payload',
                payload,
                DEV && 'pass an object, or withKey to put the key elsewhere.',
              ),
          )
        return during(({ requests }) => requests.push(event, payload, key))
      })
    },
    retry: (key) => during(({ requests }) => requests.retry(key)),
    discard: (key) => during(({ requests }) => requests.discard(key)),
    flush: () => during(({ requests }) => requests.flush()),
  }
}

interface OpenOutbox {
  readonly life: OutboxLife
  readonly requests: OutboxRequests
}

const isPlain = (payload: unknown): boolean =>
  typeof payload === 'object' && payload !== null && !Array.isArray(payload)
