import { defer, fromEvent, map, merge, type Observable, of, startWith } from 'rxjs'

/**
 * Whether the page is being left: true from `pagehide` to `pageshow`, which listeners of the application hear later. Only
 * false where there is no page. Keeps no page out of the back/forward cache.
 */
export const pageLeaving = (): Observable<boolean> =>
  defer(() => {
    const page = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>>
    if (!canListen(page)) return of(false)
    const heard = (type: string): Observable<unknown> => fromEvent(page, type, { capture: true })
    return merge(heard('pagehide').pipe(map(() => true)), heard('pageshow').pipe(map(() => false))).pipe(
      startWith(false),
    )
  })

const canListen = (
  page: Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>>,
): page is Pick<Window, 'addEventListener' | 'removeEventListener'> =>
  typeof page.addEventListener === 'function' && typeof page.removeEventListener === 'function'
