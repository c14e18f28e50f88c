import {
  catchError,
  EMPTY,
  filter,
  firstValueFrom,
  fromEvent,
  map,
  mergeMap,
  type Observable,
  of,
  take,
  takeUntil,
  timeout,
} from 'rxjs'
import {
  type ConnectionError,
  ConnectTimeout,
  isRight,
  serializerV1,
  serializerV2,
  type Transport,
  type TransportTarget,
} from '../../index.ts'

/** What came of one attempt to connect. */
export type Attempt =
  | { readonly type: 'alive'; readonly openMs: number; readonly heartbeatMs: number }
  /** Open, and no answer to a heartbeat. */
  | { readonly type: 'mute' }
  | { readonly type: 'failed'; readonly error: ConnectionError }
  | { readonly type: 'stopped' }

/** Connects, sends a heartbeat, waits for its answer, and closes. Never rejects. */
export const attempt = (
  transport: Transport,
  target: TransportTarget,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Attempt> => {
  const serializer = target.vsn.startsWith('1.') ? serializerV1 : serializerV2
  const heartbeat = serializer.encode({
    topic: 'phoenix',
    event: 'heartbeat',
    payload: {},
    ref: '1',
    joinRef: null,
  })
  const beganAt = performance.now()
  let openedAt: number | undefined
  const attempt$: Observable<Attempt> = transport(target).pipe(
    mergeMap((event) => {
      if (event.type === 'open') {
        openedAt = performance.now()
        if (isRight(heartbeat)) event.link.send(heartbeat.right)
        return EMPTY
      }
      const decoded = serializer.decode(event.frame)
      return isRight(decoded) ? of(decoded.right) : EMPTY
    }),
    filter(({ ref, event }) => ref === '1' && event === 'phx_reply'),
    map((): Attempt => {
      const opened = openedAt ?? beganAt
      return { type: 'alive', openMs: opened - beganAt, heartbeatMs: performance.now() - opened }
    }),
    timeout({
      first: timeoutMs,
      with: () =>
        of<Attempt>(
          openedAt === undefined
            ? { type: 'failed', error: new ConnectTimeout(timeoutMs) }
            : { type: 'mute' },
        ),
    }),
    catchError((error: ConnectionError) => of<Attempt>({ type: 'failed', error })),
    take(1),
    takeUntil(fromEvent(signal, 'abort')),
  )
  return firstValueFrom(attempt$, { defaultValue: { type: 'stopped' } })
}
