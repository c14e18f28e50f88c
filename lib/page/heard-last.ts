import { Observable } from 'rxjs'
import { type PageEvents } from './browser-page.ts'

/**
 * An event, after everybody else has heard it. While it is on its way down the listener moves to the end of those that hear it
 * on its way up, so it comes last however late the others were added.
 */
export const heardLast = (target: PageEvents, type: string): Observable<unknown> =>
  new Observable((subscriber) => {
    const hear = (event: unknown): void => {
      subscriber.next(event)
    }
    const toTheEnd = (): void => {
      target.removeEventListener(type, hear)
      target.addEventListener(type, hear)
    }
    target.addEventListener(type, toTheEnd, true)
    target.addEventListener(type, hear)
    return () => {
      target.removeEventListener(type, toTheEnd, true)
      target.removeEventListener(type, hear)
    }
  })
