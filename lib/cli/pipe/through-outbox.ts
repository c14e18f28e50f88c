import {
  catchError,
  concat,
  defer,
  EMPTY,
  endWith,
  filter,
  finalize,
  from,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  Subject,
  take,
  takeUntil,
  tap,
  throwError,
} from 'rxjs'
import { outbox, type Outbox, type OutboxState, type Refusal } from '../../durable/index.ts'
import { type Channel, ChannelClosed } from '../../index.ts'
import { alongside } from '../endpoint.ts'
import { type Outcome } from './deliver.ts'
import { openStore } from './open-store.ts'
import { pull } from './pull.ts'
import { type Line, readLines } from './read-lines.ts'
import { RunProgress } from './run-progress.ts'

export interface ThroughOutbox {
  readonly folder: string
  /** Separates what is for different servers and topics. */
  readonly name: string
  readonly channel: Channel
  readonly event: string
  readonly concurrency: number
  /** Makes the payload of a line. Throws `SyntaxError`. */
  readonly read: (text: string) => unknown
  /** The key that a payload brings with it, if it does. */
  readonly ownKey: (payload: unknown) => string | undefined
  readonly stop$: Observable<unknown>
  readonly onRead: (line: Line) => void
  readonly onRetry: () => void
  /** How many lines of earlier runs are sent first, and up to which line of this input they were taken. */
  readonly onBegin: (left: number, behind: number) => void
}

/** Lines that are stored, and sent or wait for it. What writes more has to wait. */
const READ_AHEAD = 1_000

/** A line that an earlier run has left in the outbox. Its number is not known any more. */
const LEFT: Line = { number: 0, text: '', bytesRead: 0 }

/**
 * Stores each line before it sends it, and sends it until the server answers; those that an earlier run has left go first.
 * Asked to stop it ends immediately: what is not answered stays in the outbox. Errors if the database or the channel does.
 */
export const throughOutbox = (given: ThroughOutbox): Observable<Outcome> =>
  defer(() => begin(given)).pipe(
    mergeMap(({ store, progress }) => {
      const { channel, name, concurrency, stop$ } = given
      const box = outbox(channel, { store, name, concurrency, sync: true })
      const lines$ = box.entries$.pipe(
        take(1),
        mergeMap((entries) => {
          given.onBegin(entries.length, progress?.behind ?? 0)
          const left = new Set(entries.map(({ key }) => key))
          // In this turn, so that none is done before it is watched.
          const left$ = from(entries).pipe(
            mergeMap(({ event, payload, key }) => deliver(box, LEFT, event, payload, key, given)),
          )
          const end$ = defer(() => (progress ? from(progress.end()) : EMPTY)).pipe(ignoreElements())
          return alongside(
            progress?.saving$ ?? EMPTY,
            concat(merge(left$, taken(box, progress, left, given)), end$).pipe(
              takeUntil(stop$),
              finalize(() => void progress?.save()),
            ),
          )
        }),
      )
      // Subscribed all the while, or the outbox would be read again for each line.
      const over$ = new Subject<void>()
      const outcomes$ = merge(
        lines$.pipe(
          tap({
            complete: () => {
              over$.next()
            },
          }),
        ),
        endOf(channel).pipe(takeUntil(over$)),
      )
      return alongside(box.entries$, outcomes$.pipe(takeUntil(stop$)))
    }),
  )

const begin = async ({ folder, name }: ThroughOutbox) => {
  const store = await openStore(folder)
  // One that cannot be opened is reported by the outbox, which tries once more.
  const isOpen = await store.open().then(
    () => true,
    () => false,
  )
  return { store, progress: isOpen ? await RunProgress.of(store, name, newKey) : undefined }
}

/** Takes the lines of standard input behind those that the outbox has taken already. */
const taken = (
  box: Outbox,
  progress: RunProgress | undefined,
  left: ReadonlySet<string>,
  given: ThroughOutbox,
): Observable<Outcome> =>
  pull(readLines(process.stdin), READ_AHEAD, given.stop$, (line) => {
    if (progress && line.number <= progress.behind) return EMPTY
    const taking = progress?.take(line)
    if (taking && left.has(taking.key)) {
      taking.stored()
      return EMPTY
    }
    given.onRead(line)
    let payload: unknown
    try {
      payload = given.read(line.text)
    } catch (error) {
      return of(dead(line, undefined, error as SyntaxError)).pipe(finalize(() => taking?.stored()))
    }
    const key = given.ownKey(payload) ?? taking?.key ?? newKey()
    return deliver(box, line, given.event, payload, key, given, taking?.stored)
  })

/** Pushes through the outbox and emits the outcome. Errors if the database fails. */
const deliver = (
  box: Outbox,
  line: Line,
  event: string,
  payload: unknown,
  key: string,
  { onRetry }: ThroughOutbox,
  stored: () => void = () => undefined,
): Observable<Outcome> =>
  box.push(event, payload, { key }).pipe(
    tap((state) => {
      stored()
      if (state.status === 'sending' && state.attempt > 0) onRetry()
    }),
    filter(isOver),
    take(1),
    mergeMap((state): Observable<Outcome> =>
      state.status === 'done'
        ? of({ type: 'acknowledged', line, response: state.response })
        : // First to the dead letters, and then out of the outbox.
          concat(of(dead(line, payload, errorOf(state.error))), box.discard(key).pipe(ignoreElements())),
    ),
    catchError((error: Error & { readonly _tag?: string }) => {
      if (error._tag !== 'KeyReused' && error._tag !== 'InvalidPayload') return throwError(() => error)
      stored()
      return of(dead(line, payload, error))
    }),
  )

const isOver = (state: OutboxState): state is Extract<OutboxState, { readonly status: 'done' | 'refused' }> =>
  state.status === 'done' || state.status === 'refused'

const dead = (line: Line, payload: unknown, error: Error): Outcome => ({
  type: 'dead',
  line,
  payload,
  error,
  attempts: error instanceof SyntaxError ? 0 : 1,
  fatal: false,
})

/** The error that the outbox keeps as plain data. */
const errorOf = ({ tag, message, response }: Refusal): Error =>
  Object.assign(new Error(message), { name: tag, _tag: tag, response })

/** The outbox waits for a channel however that ends; a command must not. */
const endOf = (channel: Channel): Observable<never> =>
  channel.pipe(
    filter((): boolean => false),
    endWith(undefined),
    map(() => {
      throw new ChannelClosed({ topic: channel.topic, sent: false })
    }),
  )

const newKey = (): string => crypto.randomUUID()
