import { elementAt, finalize, type Observable, ReplaySubject, take, tap } from 'rxjs'

/** A request as the fake server sees it. */
export interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string
  readonly keepalive: boolean
}

/** What the server says: the JSON of an answer with HTTP status 200, or another HTTP answer. */
export type Said =
  | { readonly status: number; readonly token?: string; readonly messages?: readonly unknown[] }
  | { readonly http: number; readonly text?: string; readonly headers?: Readonly<Record<string, string>> }
  /** An answer whose head is there, and whose body comes in pieces. */
  | { readonly pieces: Observable<string> }

/** A fetch in virtual time, and what became of its requests. */
export interface FakeFetch {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly asked$: Observable<Asked>
  /** `GET` and `POST`; `-GET` and `-POST` when one is aborted before its answer. */
  readonly log$: Observable<string>
  /** How many requests have neither been answered nor aborted. */
  readonly open: () => number
}

/**
 * Answers each request by a function of it and of its number among those of its method, from 0. A stream that never
 * emits never answers; one that errors is a network that fails.
 */
export const fakeFetch = (answer: (asked: Asked, index: number) => Observable<Said>): FakeFetch => {
  const asked$ = new ReplaySubject<Asked>(Infinity)
  const log$ = new ReplaySubject<string>(Infinity)
  const counts = new Map<string, number>()
  let open = 0
  return {
    asked$,
    log$,
    open: () => open,
    fetch: (url, init) => {
      const { method = 'GET', signal } = init
      const asked: Asked = {
        method,
        url: new URL(url),
        headers: new Headers(init.headers),
        body: (init.body ?? '') as string,
        keepalive: init.keepalive ?? false,
      }
      const index = counts.get(method) ?? 0
      counts.set(method, index + 1)
      let answered = false
      const settled = (): void => {
        answered = true
      }
      open += 1
      asked$.next(asked)
      log$.next(method)
      return inVirtualTime<Response>((resolve, reject) => {
        const subscription = answer(asked, index)
          .pipe(
            take(1),
            tap({ next: settled, error: settled }),
            finalize(() => (open -= 1)),
          )
          .subscribe({
            next: (said) => {
              resolve(toResponse(said))
            },
            error: reject,
          })
        signal?.addEventListener('abort', () => {
          if (answered) return
          log$.next(`-${method}`)
          subscription.unsubscribe()
        })
      })
    },
  }
}

const toResponse = (said: Said): Response => {
  if ('pieces' in said) return { ok: true, status: 200, body: streamOf(said.pieces) } as Response
  const { http, text, headers } =
    'http' in said ? said : { http: 200, text: JSON.stringify(said), headers: {} }
  const bare = new Response(null, { status: http, ...(headers && { headers }) })
  return {
    ok: bare.ok,
    status: bare.status,
    headers: bare.headers,
    text: () =>
      inVirtualTime<string>((resolve) => {
        resolve(text ?? '')
      }),
  } as Response
}

const streamOf = (pieces$: Observable<string>): unknown => ({
  getReader: () => {
    const come$ = new ReplaySubject<string | undefined>(Infinity)
    pieces$.subscribe(come$)
    let reads = 0
    return {
      read: () =>
        inVirtualTime((resolve, reject) => {
          come$.pipe(elementAt(reads++, undefined)).subscribe({
            next: (piece) => {
              resolve({ done: piece === undefined, value: new TextEncoder().encode(piece) })
            },
            error: reject,
          })
        }),
    }
  },
})

/** Settles in the turn in which its source does: a real promise would wait for a turn that virtual time does not have. */
const inVirtualTime = <A>(
  start: (resolve: (value: A) => void, reject: (error: unknown) => void) => void,
): Promise<A> =>
  ({
    then: (resolve: (value: A) => void, reject: (error: unknown) => void) => {
      start(resolve, reject)
      return { then: () => undefined }
    },
  }) as unknown as Promise<A>
