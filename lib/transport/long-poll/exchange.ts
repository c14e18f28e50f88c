import {
  asyncScheduler,
  defer,
  finalize,
  from,
  map,
  mergeMap,
  type Observable,
  throwError,
  timeout,
} from 'rxjs'
import { type LongPollOptions } from './long-poll-options.ts'

/** What the server said: the status in the body of its answer, which counts, or else that of HTTP. */
export interface Answer {
  /** 0 if what answered is no long-poll endpoint. */
  readonly status: number
  readonly token?: string | undefined
  readonly messages: readonly string[]
  /** What a refusal said. */
  readonly body?: string | undefined
  readonly retryAfter?: string | null
}

/** The server did not answer in time. */
export class RequestTimeout extends Error {
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(`the server did not answer within ${timeoutMs} ms`)
    this.timeoutMs = timeoutMs
  }
}

const MAX_BODY_CHARACTERS = 1000

/**
 * One request and its answer: one value, then complete. Errors with `RequestTimeout`, or with what `fetch` says when it
 * finds no server. Unsubscribing aborts the request, the reading of its answer included.
 */
export const exchange = (
  url: string,
  init: RequestInit,
  {
    fetch: send = fetch,
    requestTimeoutMs = 20_000,
    scheduler = asyncScheduler,
  }: Pick<LongPollOptions, 'fetch' | 'requestTimeoutMs' | 'scheduler'>,
): Observable<Answer> =>
  defer(() => {
    const abort = new AbortController()
    return from(send(url, { ...init, signal: abort.signal })).pipe(
      mergeMap((response) => from(response.text()).pipe(map((text) => toAnswer(response, text)))),
      timeout({
        first: requestTimeoutMs,
        scheduler,
        with: () => throwError(() => new RequestTimeout(requestTimeoutMs)),
      }),
      finalize(() => {
        abort.abort()
      }),
    )
  })

const toAnswer = (response: Response, text: string): Answer => {
  const said = response.ok ? parse(text) : undefined
  return (
    said ?? {
      status: response.ok ? 0 : response.status,
      messages: [],
      body: text === '' ? undefined : text.slice(0, MAX_BODY_CHARACTERS),
      retryAfter: response.headers.get('retry-after'),
    }
  )
}

/** `{"status": …, "token": …, "messages": […]}`; undefined if it is something else. */
const parse = (text: string): Answer | undefined => {
  try {
    const { status, token, messages } = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (typeof status !== 'number') return undefined
    return {
      status,
      token: typeof token === 'string' ? token : undefined,
      messages: Array.isArray(messages) ? messages.map(toText) : [],
    }
  } catch {
    return undefined
  }
}

const toText = (message: unknown): string => (typeof message === 'string' ? message : JSON.stringify(message))
