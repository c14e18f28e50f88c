import {
  asyncScheduler,
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  fromEvent,
  map,
  merge,
  type Observable,
  of,
  type SchedulerLike,
  startWith,
  switchAll,
  timer,
} from 'rxjs'
import { durationOrNone } from '../socket/checks.ts'
import { type BrowserPage, checkPage, onPage } from './browser-page.ts'

/** Options of `browserPause`. */
export interface BrowserPauseOptions {
  /** Also pauses when the page has been hidden for so many milliseconds. Default: a hidden page stays connected. */
  readonly hiddenForMs?: number
  /** Default: the page that the code runs in. */
  readonly page?: BrowserPage
  /** The timer of `hiddenForMs` runs on it. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
}

/**
 * Whether a page is away, for the option `pause`: true when it is left (`pagehide`, so that a browser may keep it in
 * its back/forward cache, which an open WebSocket can prevent) or frozen, false when it is shown again or resumed.
 * With `hiddenForMs` also true when it has been hidden for so long, and false when it is visible again.
 *
 * Cold: listens while subscribed; says nothing until something happens, and nothing twice. Never completes. Where there
 * is no page (Node, a worker, a server that renders) it never emits. For a page that is hidden already the time counts
 * from the subscription.
 *
 * @throws `InvalidArgument` if `hiddenForMs` is no duration, or `page` has no events.
 */
export const browserPause = ({
  page,
  hiddenForMs,
  scheduler = asyncScheduler,
}: BrowserPauseOptions = {}): Observable<boolean> => {
  checkPage('browserPause.page', page)
  if (hiddenForMs !== undefined) durationOrNone('browserPause.hiddenForMs', hiddenForMs)
  return onPage(page, ({ window, document }) => {
    const isHidden = (): boolean => document.visibilityState === 'hidden'
    const onceHiddenLong$ = defer(() =>
      hiddenForMs !== undefined && isHidden()
        ? // Looked up again, since a page that slept may be visible and not have been told so yet.
          timer(hiddenForMs, scheduler).pipe(map(isHidden))
        : EMPTY,
    )
    const back$ = concat(of(false), onceHiddenLong$)
    return merge(
      merge(fromEvent(window, 'pagehide'), fromEvent(document, 'freeze')).pipe(map(() => of(true))),
      merge(fromEvent(window, 'pageshow'), fromEvent(document, 'resume')).pipe(map(() => back$)),
      // A focus too: whoever was paused as hidden must not sleep on because one event was left out.
      merge(fromEvent(document, 'visibilitychange'), fromEvent(window, 'focus')).pipe(
        map(() => (isHidden() ? onceHiddenLong$ : back$)),
      ),
    ).pipe(
      startWith(onceHiddenLong$),
      // Each event replaces what the one before was waiting for.
      switchAll(),
      distinctUntilChanged(),
    )
  })
}
