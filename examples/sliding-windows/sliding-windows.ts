import { concat, concatMap, defer, type OperatorFunction } from 'rxjs'

export interface WindowOptions<A> {
  /** When a value happened, in milliseconds since 1970. */
  readonly timeOf: (value: A) => number
  /** How much time a window covers. */
  readonly lengthMs: number
  /** How far apart windows begin. Less than the length: they overlap; the same: they tumble. */
  readonly everyMs: number
  /** How much later than the newest value one may come and still count. */
  readonly latenessMs: number
}

export type Windowed<A> =
  | { readonly type: 'window'; readonly from: number; readonly to: number; readonly values: readonly A[] }
  /** It came when these windows, by their `from`, had been told already. */
  | { readonly type: 'late'; readonly value: A; readonly missed: readonly number[] }

/**
 * Windows over the time of the values and not of the clock on the wall: the same at any speed, and after an outage. A
 * window is told when a value shows that `latenessMs` have passed since its end; a value that comes after that is told as
 * late, so that who has used the window can correct it. Windows without values are not told.
 *
 * Keeps the values of `lengthMs + latenessMs` and no more. Completion tells what is open; an error does not.
 */
export const slidingWindows =
  <A>({ timeOf, lengthMs, everyMs, latenessMs }: WindowOptions<A>): OperatorFunction<A, Windowed<A>> =>
  (values$) =>
    // Inside defer: each subscriber has windows of its own.
    defer(() => {
      const open: Map<number, A[]> = new Map()
      let watermark = -Infinity

      const close = (): readonly Windowed<A>[] =>
        [...open]
          .filter(([from]) => from + lengthMs <= watermark)
          .sort(([a], [b]) => a - b)
          .map(([from, values]) => {
            open.delete(from)
            return { type: 'window', from, to: from + lengthMs, values }
          })

      const take = (value: A): readonly Windowed<A>[] => {
        const time = timeOf(value)
        const missed: number[] = []
        for (const from of startsOf(time, lengthMs, everyMs)) {
          const values = open.get(from)
          if (values) values.push(value)
          else if (from + lengthMs > watermark) open.set(from, [value])
          else missed.push(from)
        }
        watermark = Math.max(watermark, time - latenessMs)
        return missed.length === 0 ? close() : [{ type: 'late', value, missed }, ...close()]
      }

      const closeAll = (): readonly Windowed<A>[] => {
        watermark = Infinity
        return close()
      }
      return concat(values$.pipe(concatMap(take)), defer(closeAll))
    })

/** The beginnings of the windows that a time is in, oldest first. */
export const startsOf = (time: number, lengthMs: number, everyMs: number): readonly number[] => {
  const starts: number[] = []
  for (let from = Math.floor(time / everyMs) * everyMs; from > time - lengthMs; from -= everyMs)
    starts.unshift(from)
  return starts
}
