import { isObservable, type Observable } from 'rxjs'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { MAX_DELAY_MS } from '../protocol/max-delay.ts'

export { optionsIn } from '../protocol/checked.ts'

/** A time to wait for something: more than 0 ms. */
export const duration = (argument: string, ms: number, orNone = false): number =>
  !DEV
    ? ms
    : checked(
        // A number before it is compared: a symbol throws at that.
        typeof ms === 'number' && (orNone ? ms >= 0 : ms > 0) && ms <= MAX_DELAY_MS,
        argument,
        ms,
        `pass a number of milliseconds${orNone ? ', 0 or more' : ' above 0'}, at most ${MAX_DELAY_MS} (24 days), as timers hold no more.`,
      )

/** A time that may be 0, for none. */
export const durationOrNone = (argument: string, ms: number): number => duration(argument, ms, true)

/** A function, such as a policy. */
export const callable = <F>(argument: string, value: F): F =>
  !DEV ? value : checked(typeof value === 'function', argument, value, 'pass a function.')

/** An object that can do what it is there for. */
export const capable = <A extends object>(argument: string, value: A, ...methods: (keyof A)[]): A =>
  !DEV
    ? value
    : checked(
        methods.every((method) => typeof (value as A | null)?.[method] === 'function'),
        argument,
        value,
        `pass an object with ${methods.join('() and ')}().`,
      )

/** How many of something: at least one, or no limit. */
export const count = (argument: string, value: number): number =>
  !DEV
    ? value
    : checked(
        value === Infinity || (Number.isInteger(value) && value > 0),
        argument,
        value,
        'pass a whole number above 0.',
      )

export const stream = <A>(argument: string, value: Observable<A>): Observable<A> =>
  !DEV ? value : checked(isObservable(value), argument, value, 'pass an Observable.')

/** The options that have a value: one that is undefined is as good as left out. */
export const given = <A extends object>(options: A): { readonly [K in keyof A]?: Exclude<A[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof A]?: Exclude<A[K], undefined>
  }
