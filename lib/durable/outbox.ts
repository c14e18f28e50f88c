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
  /** The idempotency key, if the application has one. Default: a new one. */
  readonly key?: string | undefined
}

/** Pushes that are kept until the server has answered, as `outbox` gives them. */
export interface Outbox<C extends ChannelContract = AnyContract> {
  /**
   * Stores a push and sends it when its turn comes. Cold: each subscription is one entry. Emits `queued` once it is stored,
   * `sending` at each attempt, then `done`, `refused` or `discarded`, and completes. Unsubscribing does not take
   * it out: `discard` does. Errors with `StoreFailed`, `StoreLocked`, `InvalidPayload` or `KeyReused`; nothing is queued then.
   *
   * A key that is in the outbox with the same event and payload stands for that entry.
   */
  push<E extends PushName<C>>(
    event: E,
    payload: PushPayload<C, E>,
    options?: OutboxPushOptions,
  ): Observable<OutboxState>
  /** All entries, in order: now, then once in each turn in which one changes. Never completes. */
  readonly entries$: Observable<readonly OutboxEntry[]>
  /** Sends a refused entry again. Cold; completes when it is queued. Errors with `EntryUnknown` or `StoreFailed`. */
  retry(key: string): Observable<void>
  /** Takes an entry out, which may have arrived if it was being sent. Cold; completes when it is gone. Errors likewise. */
  discard(key: string): Observable<void>
  /** Sends without waiting for the next attempt any longer. Cold; completes when nothing is queued. */
  flush(): Observable<never>
}

/**
 * Pushes that survive a reload, a crash and a day without network. Each is stored before it is sent, carries an
 * idempotency key, and is sent again after a lost connection, a timeout or a crash until the server has answered. So it
 * may arrive twice: the server has to take a key once.
 *
 * Entries are sent while something of the outbox is subscribed: keep `entries$` subscribed as long as the application
 * runs, and those of the last time go out too. A refusal ends an entry, which is kept until it is retried or
 * discarded, and the next one is sent.
 *
 * Of several tabs one sends, and all see the entries; when it closes another one takes over. Of several processes one can
 * open a LevelDB: the others get `StoreLocked`.
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
              new InvalidArgument('payload', payload, 'pass an object, or withKey to put the key elsewhere.'),
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
