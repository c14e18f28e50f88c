import { defer, distinctUntilChanged, map, type Observable, startWith, Subject } from 'rxjs'

/**
 * The joins that one connection waits for. A server runs them one after the other and answers nothing else meanwhile, so
 * while there are any its silence means nothing.
 */
export class JoinsUnderWay {
  private readonly changes$: Subject<void> = new Subject()
  private count = 0
  private suspected = false

  /** True while joins keep the server from answering anything else. */
  get busy$(): Observable<boolean> {
    return defer(() =>
      this.changes$.pipe(
        startWith(undefined),
        map(() => this.any && !this.suspected),
        distinctUntilChanged(),
      ),
    )
  }

  get any(): boolean {
    return this.count > 0
  }

  add(change: 1 | -1): void {
    this.count += change
    // Of ten thousand joins a few matter here: the first, and the last.
    if (this.count < 2) this.changes$.next()
  }

  /** A join was not answered in time: until the server sends something, joins do not excuse its silence. */
  suspect(suspected = true): void {
    if (suspected === this.suspected) return
    this.suspected = suspected
    this.changes$.next()
  }

  /** A frame has arrived. */
  heard(): void {
    this.suspect(false)
  }
}
