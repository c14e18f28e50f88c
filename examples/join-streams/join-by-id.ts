import {
  asyncScheduler,
  concat,
  concatMap,
  connect,
  defer,
  endWith,
  ignoreElements,
  interval,
  map,
  merge,
  type Observable,
  type SchedulerLike,
  takeUntil,
} from 'rxjs'

export interface JoinOptions<L, R> {
  readonly leftId: (left: L) => string
  readonly rightId: (right: R) => string
  /** How long one waits for the other, in milliseconds. It is given up then, or at most a quarter later. */
  readonly withinMs: number
  /** How many may wait. One more, and the oldest is given up. */
  readonly room: number
  readonly scheduler?: SchedulerLike
}

export type Joined<L, R> =
  | { readonly type: 'pair'; readonly left: L; readonly right: R }
  | { readonly type: 'left alone'; readonly left: L; readonly because: Reason }
  | { readonly type: 'right alone'; readonly right: R; readonly because: Reason }

/** Nobody came in time; too many were waiting; both streams are over. */
export type Reason = 'time' | 'room' | 'end'

type Arrival<L, R> =
  | { readonly side: 'left'; readonly id: string; readonly value: L }
  | { readonly side: 'right'; readonly id: string; readonly value: R }
type Waiting<L, R> = Arrival<L, R> & { readonly since: number }

/**
 * Brings together the values of two streams that have the same id, whichever comes first. Those that find nobody are told
 * too, with the reason. A second value of one side with an id that waits already is left out, since channels that resume
 * may repeat themselves. Ends when both streams have; an error of either is an error of the whole.
 */
export const joinById = <L, R>(
  left$: Observable<L>,
  right$: Observable<R>,
  { leftId, rightId, withinMs, room, scheduler = asyncScheduler }: JoinOptions<L, R>,
): Observable<Joined<L, R>> =>
  defer(() => {
    /** By id, in order of arrival. Two sides of one id never wait both. */
    const waiting: Map<string, Waiting<L, R>> = new Map()

    const giveUp = (arrival: Waiting<L, R>, because: Reason): Joined<L, R> => {
      waiting.delete(arrival.id)
      return arrival.side === 'left'
        ? { type: 'left alone', left: arrival.value, because }
        : { type: 'right alone', right: arrival.value, because }
    }

    const take = (arrival: Arrival<L, R>): readonly Joined<L, R>[] => {
      const found = waiting.get(arrival.id)
      if (found) {
        if (found.side === arrival.side) return []
        waiting.delete(arrival.id)
        return [pairOf(found, arrival)]
      }
      waiting.set(arrival.id, { ...arrival, since: scheduler.now() })
      const [oldest] = waiting.values()
      return oldest && waiting.size > room ? [giveUp(oldest, 'room')] : []
    }

    const sweep = (): readonly Joined<L, R>[] =>
      [...waiting.values()]
        .filter(({ since }) => scheduler.now() - since >= withinMs)
        .map((late) => giveUp(late, 'time'))

    const arrivals$ = merge(
      left$.pipe(map((value): Arrival<L, R> => ({ side: 'left', id: leftId(value), value }))),
      right$.pipe(map((value): Arrival<L, R> => ({ side: 'right', id: rightId(value), value }))),
    )
    return concat(
      arrivals$.pipe(
        connect((shared$) => {
          const over$ = shared$.pipe(ignoreElements(), endWith('over'))
          return merge(
            shared$.pipe(concatMap(take)),
            // One timer for all: a join with a million waiting does not need a million timers.
            interval(withinMs / 4, scheduler).pipe(concatMap(sweep), takeUntil(over$)),
          )
        }),
      ),
      defer(() => [...waiting.values()].map((left) => giveUp(left, 'end'))),
    )
  })

const pairOf = <L, R>(a: Arrival<L, R>, b: Arrival<L, R>): Joined<L, R> => {
  if (a.side === 'left' && b.side === 'right') return { type: 'pair', left: a.value, right: b.value }
  if (a.side === 'right' && b.side === 'left') return { type: 'pair', left: b.value, right: a.value }
  throw new TypeError('two of one side are not a pair')
}
