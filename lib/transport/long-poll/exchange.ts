import {
  asyncScheduler,
  concat,
  defer,
  finalize,
  from,
  last,
  map,
  mergeMap,
  type Observable,
  repeat,
  scan,
  startWith,
  takeWhile,
  throwError,
  timeout,
} from 'rxjs'
import { heldDelay } from '../../protocol/max-delay.ts'
import { type LongPollOptions } from './long-poll-options.ts'

/** The answer of the server: the status in its body counts, or else that of HTTP. */
export interface Answer {
  /** 0 if the answer is not that of a long-poll endpoint. */
  readonly status: number
  readonly token?: string | undefined
  readonly messages: readonly string[]
  /** The body of a refusal. */
  readonly body?: string | undefined
  readonly retryAfter?: string | null
}

/** The server stayed silent for this long. */
export class RequestTimeout extends Error {
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(`the server did not answer within ${timeoutMs} ms`)
    this.timeoutMs = timeoutMs
  }
}

const MAX_BODY_CHARACTERS = 1000
/** `fetch` does not show how much of a body has gone out, so it gets a second more for so many characters (32 kbit/s). */
const CHARACTERS_PER_SECOND = 4_000

/**
 * One request and its answer: one value, then complete. Errors with `RequestTimeout` when nothing has come for the time of
 * the options, which begins anew with the head of the answer and with each piece of its body; or with what `fetch` says
 * when it finds no server. Unsubscribing aborts the request, the reading of its answer included.
 */
export const exchange = (
  url: string,
  init: RequestInit,
  {
    fetch: send = fetch,
    requestTimeoutMs = 20_000,
    scheduler = asyncScheduler,
  }: Pick<LongPollOptions, 'fetch' | 'requestTimeoutMs' | 'scheduler'>,
  received: (byteLength: number) => void,
): Observable<Answer> =>
  defer(() => {
    const abort = new AbortController()
    const uploadMs =
      Math.floor(((init.body as string | undefined)?.length ?? 0) / CHARACTERS_PER_SECOND) * 1000
    return from(send(url, { ...init, signal: abort.signal })).pipe(
      mergeMap((response) =>
        textSoFar(response, received).pipe(
          startWith(''),
          map((text) => ({ response, text })),
        ),
      ),
      timeout({
        first: heldDelay(requestTimeoutMs + uploadMs),
        each: requestTimeoutMs,
        scheduler,
        with: () => throwError(() => new RequestTimeout(requestTimeoutMs)),
      }),
      last(),
      map(({ response, text }) => toAnswer(response, text)),
      finalize(() => {
        abort.abort()
      }),
    )
  })

/**
 * The text of an answer, as far as it has come, with each piece; all of it together from a fetch without such streams (React
 * Native, packages that give a stream of Node) and where nothing can read them (jsdom).
 */
const textSoFar = (response: Response, received: (byteLength: number) => void): Observable<string> => {
  const { body } = response
  if (
    !body ||
    typeof (body as Partial<ReadableStream>).getReader !== 'function' ||
    typeof TextDecoder === 'undefined'
  )
    return from(response.text())
  return defer(() => {
    const decoder = new TextDecoder()
    return concat(
      chunksOf(body).pipe(
        map((chunk) => {
          received(chunk?.byteLength ?? 0)
          return decoder.decode(chunk, { stream: true })
        }),
      ),
      defer(() => [decoder.decode()]),
    ).pipe(scan((text, piece) => text + piece, ''))
  })
}

const chunksOf = (body: ReadableStream<Uint8Array>): Observable<Uint8Array | undefined> => {
  const reader = body.getReader()
  return defer(() => from(reader.read())).pipe(
    repeat(),
    takeWhile(({ done }) => !done),
    map(({ value }) => value),
  )
}

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
