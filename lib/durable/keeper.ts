import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  Observable,
  type SchedulerLike,
  Subscription,
  throwError,
} from 'rxjs'
import { type Checkpoint } from './checkpoint.ts'
import { eventually } from './checkpoint-of.ts'
import { type Position } from './position.ts'

/** Saves the position of a feed now and then: the last one, one save at a time, and once more at the end. */
export class Keeper {
  private readonly checkpoint: Checkpoint
  private readonly everyMs: number
  private readonly scheduler: SchedulerLike
  private readonly failed: (error: unknown) => void
  private readonly timer: Subscription = new Subscription()
  private readonly position: () => Position | undefined
  private saving = false
  private waiting = false
  private dirty = false
  private ended: (() => void) | undefined

  constructor(
    checkpoint: Checkpoint,
    { saveEveryMs, scheduler }: { readonly saveEveryMs: number; readonly scheduler: SchedulerLike },
    position: () => Position | undefined,
    failed: (error: unknown) => void,
  ) {
    this.checkpoint = checkpoint
    this.everyMs = saveEveryMs
    this.scheduler = scheduler
    this.position = position
    this.failed = failed
  }

  /** The position has changed. */
  changed(): void {
    this.dirty = true
    if (this.waiting || this.saving || this.timer.closed) return
    this.waiting = true
    this.timer.add(
      this.scheduler.schedule(() => {
        this.waiting = false
        this.save()
      }, this.everyMs),
    )
  }

  /** Saves what is left and closes. Cold; completes when both are done, and errors if one fails. */
  end(): Observable<never> {
    this.timer.unsubscribe()
    const last$ = defer(() => (this.dirty ? this.saved() : EMPTY))
    const idle$ = new Observable<never>((subscriber) => {
      if (!this.saving) subscriber.complete()
      else
        this.ended = () => {
          subscriber.complete()
        }
    })
    const close$ = eventually(() => this.checkpoint.close()).pipe(ignoreElements())
    return concat(
      idle$,
      last$.pipe(
        ignoreElements(),
        // The lock must go, also where the disk is full.
        catchError((error: unknown) =>
          concat(
            close$,
            throwError(() => error),
          ),
        ),
      ),
      close$,
    )
  }

  private save(): void {
    this.saving = true
    this.saved().subscribe({
      error: (error: unknown) => {
        this.saving = false
        this.dirty = true
        this.failed(error)
        this.ended?.()
      },
      complete: () => {
        this.saving = false
        if (this.dirty) this.changed()
        this.ended?.()
      },
    })
  }

  private saved(): Observable<unknown> {
    return defer(() => {
      this.dirty = false
      const position = this.position()
      return position ? eventually(() => this.checkpoint.save(position)) : EMPTY
    })
  }
}
