import { DEV } from '../protocol/dev.ts'
import { defer, NEVER, type Observable } from 'rxjs'
import { InvalidArgument } from '../protocol/invalid-argument.ts'

/** What `window` and `document` have in common here: they fire events. */
export interface PageEvents {
  /** As that of an `EventTarget`. */
  addEventListener(type: string, listener: (event: unknown) => void, capture?: boolean): void
  /** As that of an `EventTarget`. */
  removeEventListener(type: string, listener: (event: unknown) => void, capture?: boolean): void
}

/** The part of a page that its life shows in. A `Window` is one, such as that of a frame; `fakePage()` of `rx-phoenix/testing` another. */
export interface BrowserPage {
  readonly window: PageEvents
  readonly document: PageEvents & { readonly visibilityState: string }
}

/** Checks what was passed in, at the call. */
export const checkPage = (argument: string, page: BrowserPage | undefined): void => {
  if (DEV && page !== undefined && !isPage(page))
    throw new InvalidArgument(argument, page, 'pass a Window, or { window, document } with their events.')
}

/** Looks for the page when subscribed; without one (Node, a worker, server-side rendering) it never emits. */
export const onPage = <A>(
  page: BrowserPage | undefined,
  listen: (page: BrowserPage) => Observable<A>,
): Observable<A> =>
  defer(() => {
    const found = page ?? globalThis
    return isPage(found) ? listen(found) : NEVER
  })

/** Some platforms have a `window` that fires no events, and no document. */
const isPage = (page: Partial<BrowserPage> | null): page is BrowserPage =>
  typeof page?.window?.addEventListener === 'function' &&
  typeof page.document?.addEventListener === 'function'
