import { type SchedulerLike } from 'rxjs'
import { DEV } from '../../protocol/dev.ts'
import { InvalidArgument } from '../../protocol/invalid-argument.ts'
import { optionsIn } from '../../protocol/checked.ts'
import { MAX_DELAY_MS } from '../../protocol/max-delay.ts'
import { checkHeaders } from '../check-headers.ts'

/** Options of `longPollTransport`. */
export interface LongPollOptions {
  /**
   * How long the server may stay silent while a request waits, in milliseconds. It restarts with each piece of an
   * answer, and a POST gets a second more for each 4 kB of its body, since `fetch` does not show how much has gone out.
   * A server answers a poll within 10 s. Default: 20,000.
   */
  readonly requestTimeoutMs?: number
  /**
   * How the token of the session travels. `query` is what Phoenix before 1.8.10 reads, `header`
   * (`x-phoenix-longpoll-token`) what 1.9 reads, and keeps it out of access logs. Default: `both`, for all of them.
   */
  readonly sessionToken?: 'query' | 'header' | 'both'
  /** Messages in one POST, at most 100, which is all that a server reads. 1 for Phoenix before 1.7. Default: 100. */
  readonly messagesPerPost?: number
  /** Further headers of every request. A browser asks the server first if it is of another origin. Default: none. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether cookies travel to another origin. Phoenix's own CORS headers do not allow it. Default: `same-origin`. */
  readonly credentials?: RequestCredentials
  /** Another fetch, for instance one that goes through a proxy. Default: the global one. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Its timers run on it. Default: that of the socket. */
  readonly scheduler?: SchedulerLike
}

const FORMS: readonly unknown[] = [undefined, 'query', 'header', 'both']

/** Throws `InvalidArgument`. */
export const checkLongPollOptions = (options: LongPollOptions): void => {
  if (!DEV) return
  const {
    requestTimeoutMs = 20_000,
    messagesPerPost = 100,
    sessionToken,
    fetch,
  } = optionsIn('options', options)
  const reject = (option: keyof LongPollOptions, advice: string): never => {
    throw new InvalidArgument(`longPollTransport.${option}`, options[option], advice)
  }
  if (!(requestTimeoutMs > 0 && requestTimeoutMs <= MAX_DELAY_MS))
    reject(
      'requestTimeoutMs',
      'pass a number of milliseconds above 0; longer than the window of the server, 10 s.',
    )
  if (!(Number.isInteger(messagesPerPost) && messagesPerPost >= 1 && messagesPerPost <= 100))
    reject('messagesPerPost', 'pass a whole number from 1 to 100; a server reads no more of one request.')
  if (!FORMS.includes(sessionToken)) reject('sessionToken', "pass 'query', 'header' or 'both'.")
  if (fetch !== undefined && typeof fetch !== 'function') reject('fetch', 'pass a function like fetch.')
  checkHeaders('longPollTransport.headers', options.headers)
}
