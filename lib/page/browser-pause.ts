import {
  asyncScheduler,
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  fromEvent,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  type SchedulerLike,
  startWith,
  switchAll,
  take,
  timer,
} from 'rxjs'
import { optionsIn } from '../protocol/checked.ts'
import { durationOrNone } from '../connection/checks.ts'
import { type BrowserPage, checkPage, onPage } from './browser-page.ts'
import { heardLast } from './heard-last.ts'

/** Options of `browserPause`. */
export interface BrowserPauseOptions {
  /** Also pauses when the page has been hidden for this many milliseconds. Default: a hidden page stays connected. */
  readonly hiddenForMs?: number
  /** Default: the page that the code runs in. */
  readonly page?: BrowserPage
  /** Its timers run on it. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
}

/**
 * Whether a page is away, for the option `pause`: true when it is left (`pagehide`, so that a browser may keep it in
 * its back/forward cache, which an open WebSocket can prevent) or frozen, false when it is shown again or resumed.
 * With `hiddenForMs` also true when it has been hidden for that long, and false when it is visible again.
 *
 * What the application sends in its own listeners of `pagehide` and `visibilitychange`, however late they were added, still
 * goes out: true comes after them. A page that is left while it is visible becomes hidden right after its `pagehide`.
 *
 * Cold: listens while subscribed; emits nothing until something happens, and no value twice in a row. Never completes. Where there
 * is no page (Node, a worker, server-side rendering) it never emits. For a page that is hidden already the time counts
 * from the subscription.
 *
 * @throws `InvalidArgument` if `hiddenForMs` is not a duration, or `page` has no events.
 */
export const browserPause = (options: BrowserPauseOptions = {}): Observable<boolean> => {
  const { page, hiddenForMs, scheduler = asyncScheduler } = optionsIn('options', options)
  checkPage('browserPause.page', page)
  if (hiddenForMs !== undefined) durationOrNone('browserPause.hiddenForMs', hiddenForMs)
  return onPage(page, ({ window, document }) => {
    const isHidden = (): boolean => document.visibilityState === 'hidden'
    const onceHiddenLong$ = defer(() =>
      hiddenForMs !== undefined && isHidden()
        ? // Looked up again, since a page that slept may be visible before it gets the event.
          timer(hiddenForMs, scheduler).pipe(map(isHidden))
        : EMPTY,
    )
    // A focus too: a page that was paused as hidden must not sleep on because one event was left out.
    const visibility$ = merge(fromEvent(document, 'visibilitychange'), fromEvent(window, 'focus')).pipe(
      map(() => (isHidden() ? onceHiddenLong$ : of(false))),
      startWith(onceHiddenLong$),
      switchAll(),
    )
    const gone$ = merge(of(true), visibility$)
    // Follows all listeners of pagehide, and bubbles to the window. Where none comes, as in a hidden page, a turn is enough.
    const onceHidden$ = merge(heardLast(window, 'visibilitychange'), timer(0, scheduler)).pipe(
      take(1),
      ignoreElements(),
    )
    return merge(
      fromEvent(window, 'pagehide').pipe(map(() => concat(onceHidden$, gone$))),
      heardLast(document, 'freeze').pipe(map(() => gone$)),
      merge(fromEvent(window, 'pageshow'), fromEvent(document, 'resume')).pipe(
        map(() => merge(of(false), visibility$)),
      ),
    ).pipe(
      startWith(visibility$),
      // Each event replaces what the one before was waiting for.
      switchAll(),
      distinctUntilChanged(),
    )
  })
}
