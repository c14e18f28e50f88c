import {
  catchError,
  concat,
  defaultIfEmpty,
  defer,
  EMPTY,
  ignoreElements,
  map,
  Observable,
  ReplaySubject,
  type SchedulerLike,
  type Subscription,
  take,
  tap,
  throwError,
} from 'rxjs'
import { type Checkpoint } from './checkpoint.ts'
import { eventually } from './eventually.ts'
import { type Position } from './position.ts'
import { Progress } from './progress.ts'

/**
 * Loads the position of a feed when a run begins, saves it now and then (one save at a time), and once more when the run
 * ends. All runs of a feed share one, so that a run begins after the run before has saved, and continues after what that
 * one could not save.
 */
export class Checkpointer {
  private readonly checkpoint: Checkpoint
  private readonly everyMs: number
  private readonly scheduler: SchedulerLike
  /** Completes when the run before has saved and closed. */
  private closed$: Observable<never> = EMPTY
  /** From the load to the close. */
  private isOpen = false
  /** The last position that could not be saved. */
  private unsaved: Position | undefined
  private progress: Progress = new Progress(undefined)
  private failed: (error: unknown) => void = () => undefined
  /** Until the next save. */
  private timer: Subscription | undefined
  private dirty = false
  private saving = false
  private afterSave: () => void = () => undefined

  constructor(
    checkpoint: Checkpoint,
    { saveEveryMs, scheduler }: { readonly saveEveryMs: number; readonly scheduler: SchedulerLike },
  ) {
    this.checkpoint = checkpoint
    this.everyMs = saveEveryMs
    this.scheduler = scheduler
  }

  /**
   * Begins a run: loads the position when the run before has closed, and emits the progress of this run. Errors as the load does.
   *
   * @param failed - called if a save fails before `close`
   */
  open(failed: (error: unknown) => void): Observable<Progress> {
    // Its error was for the subscriber of that run.
    const ready$ = defer(() => this.closed$).pipe(catchError(() => EMPTY))
    const loaded$ = defer(() => {
      this.isOpen = true
      this.dirty = false
      this.afterSave = () => undefined
      return eventually(() => this.checkpoint.load())
    }).pipe(
      take(1),
      defaultIfEmpty(undefined),
      map((loaded) => {
        this.failed = failed
        this.progress = new Progress(this.unsaved ?? loaded)
        if (this.unsaved) this.changed()
        return this.progress
      }),
      tap({
        error: () => {
          this.isOpen = false
        },
      }),
    )
    return concat(ready$, loaded$)
  }

  /** The progress has changed: it is saved after a while. */
  changed(): void {
    this.dirty = true
    if (this.saving || this.timer) return
    this.timer = this.scheduler.schedule(() => {
      this.timer = undefined
      this.save()
    }, this.everyMs)
  }

  /**
   * Ends a run: saves what is left and closes. Starts immediately, also if nobody subscribes, since the lock of a file must not
   * stay when the last subscriber leaves. Completes when both are done, and errors if one fails.
   */
  close(): Observable<never> {
    if (!this.isOpen) return this.closed$
    this.isOpen = false
    this.timer?.unsubscribe()
    this.timer = undefined
    const idle$ = new Observable<never>((subscriber) => {
      this.afterSave = () => {
        subscriber.complete()
      }
      if (!this.saving) subscriber.complete()
    })
    const close$ = eventually(() => this.checkpoint.close()).pipe(ignoreElements())
    const closed$ = new ReplaySubject<never>(1)
    this.closed$ = closed$
    concat(
      idle$,
      defer(() => (this.dirty ? this.saved() : EMPTY)).pipe(
        // The lock must go, also where the disk is full.
        catchError((error: unknown) =>
          concat(
            close$,
            throwError(() => error),
          ),
        ),
      ),
      close$,
    ).subscribe(closed$)
    return closed$
  }

  private save(): void {
    this.saving = true
    this.saved().subscribe({
      error: (error: unknown) => {
        this.saving = false
        if (this.isOpen) this.failed(error)
        this.afterSave()
      },
      complete: () => {
        this.saving = false
        if (this.dirty && this.isOpen) this.changed()
        this.afterSave()
      },
    })
  }

  private saved(): Observable<never> {
    return defer(() => {
      this.dirty = false
      const { position } = this.progress
      if (!position) return EMPTY
      return eventually(() => this.checkpoint.save(position)).pipe(
        ignoreElements(),
        tap({
          error: () => {
            this.dirty = true
            this.unsaved = position
          },
          complete: () => {
            this.unsaved = undefined
          },
        }),
      )
    })
  }
}
