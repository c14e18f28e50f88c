import {
  defer,
  map,
  merge,
  NEVER,
  type Observable,
  of,
  type SchedulerLike,
  Subject,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { type InputKind, type InputName, TIMES } from './setup.ts'
import { type InputMode } from './stimulus.ts'

/** Whom an input tells what the client does with it. */
export interface InputObserver {
  /** Somebody subscribes, or has it evaluated. */
  asked(): void
  /** It gives a value that took its time. */
  spoke(): void
}

/** What a user gives as the url or as params: a value that changes, and that is not always to be had. */
export class GivenInput {
  mode: InputMode = 'ready'
  /** For the client: it gives the value by the mode; as a stream, each that follows, too. */
  readonly dynamic: Observable<number> | (() => Observable<number>)
  #changes$: Subject<number> = new Subject()
  #value = 0

  constructor(name: InputName, kind: InputKind, scheduler: SchedulerLike, observer: InputObserver) {
    const first$ = (): Observable<unknown> => {
      switch (this.mode) {
        case 'ready':
          return of(undefined)
        case 'slow':
          return timer(TIMES.input[name], scheduler).pipe(
            tap(() => {
              observer.spoke()
            }),
          )
        case 'failing':
          throw new Error(`no ${name}`)
        case 'silent':
          return NEVER
      }
    }
    const values$ = defer(() => {
      observer.asked()
      const changes$ = this.#changes$
      return merge(
        changes$,
        first$().pipe(
          map(() => this.#value),
          takeUntil(changes$),
        ),
      )
    })
    this.dynamic = kind === 'stream' ? values$ : () => values$.pipe(take(1))
  }

  get observed(): boolean {
    return this.#changes$.observed
  }

  change(value: number): void {
    this.#value = value
    this.#changes$.next(value)
  }

  /** Fails for whoever is subscribed now. */
  break(): void {
    const broken$ = this.#changes$
    this.#changes$ = new Subject()
    broken$.error(new Error('broken'))
  }
}
