import { fromEvent, merge, type Observable, take } from 'rxjs'

/** Emits once when the person, or the system, asks the process to end. After that a second Ctrl-C ends it at once. */
export const interrupted$: Observable<unknown> = merge(
  fromEvent(process, 'SIGINT'),
  fromEvent(process, 'SIGTERM'),
).pipe(take(1))
