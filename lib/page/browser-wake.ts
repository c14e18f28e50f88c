import { filter, fromEvent, merge, type Observable } from 'rxjs'
import { optionsIn } from '../protocol/checked.ts'
import { type BrowserPage, checkPage, onPage } from './browser-page.ts'

/** Options of `browserWake`. */
export interface BrowserWakeOptions {
  /** Default: the page that the code runs in. */
  readonly page?: BrowserPage
}

/**
 * The moments at which a page may have missed something, for the option `wake`: it becomes visible, is resumed after a
 * freeze, is shown (also from the back/forward cache), gets the focus, or the network is back. Emits the event.
 *
 * Cold: listens while subscribed, and to nothing that bars a page from the back/forward cache. Never completes. Where
 * there is no page (Node, a worker, server-side rendering) it never emits. A page that comes back fires several of these
 * together; all are emitted, and the socket decides which of them still matter.
 *
 * @throws `InvalidArgument` if `page` has no events.
 */
export const browserWake = (options: BrowserWakeOptions = {}): Observable<unknown> => {
  const { page } = optionsIn('options', options)
  checkPage('browserWake.page', page)
  return onPage(page, ({ window, document }) =>
    merge(
      // The visibility is read when it counts, and not remembered: events may be missing around a freeze.
      fromEvent(document, 'visibilitychange').pipe(filter(() => document.visibilityState === 'visible')),
      fromEvent(document, 'resume'),
      fromEvent(window, 'pageshow'),
      fromEvent(window, 'focus'),
      fromEvent(window, 'online'),
    ),
  )
}
