import { defer, distinctUntilChanged, map, type Observable, startWith, Subject } from 'rxjs'

/**
 * The joins that one connection waits for. A server runs them one after the other and answers nothing meanwhile, so while
 * there are any its silence says nothing.
 */
export class Joining {
  readonly #changes$: Subject<void> = new Subject()
  #inFlight = 0
  #suspect = false

  /** True while joins keep the server from answering anything else. */
  get busy$(): Observable<boolean> {
    return defer(() =>
      this.#changes$.pipe(
        startWith(undefined),
        map(() => this.#inFlight > 0 && !this.#suspect),
        distinctUntilChanged(),
      ),
    )
  }

  get any(): boolean {
    return this.#inFlight > 0
  }

  count(change: 1 | -1): void {
    this.#inFlight += change
    // Of ten thousand joins a few matter here: the first, and the last.
    if (this.#inFlight < 2) this.#changes$.next()
  }

  /** A join was not answered in time: until the server says something, joins are no excuse for its silence. */
  suspect(): void {
    this.#suspect = true
    this.#changes$.next()
  }

  /** The server has said something. */
  heard(): void {
    if (!this.#suspect) return
    this.#suspect = false
    this.#changes$.next()
  }
}
