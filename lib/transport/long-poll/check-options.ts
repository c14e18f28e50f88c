import { DEV } from '../../protocol/dev.ts'
import { InvalidArgument } from '../../protocol/invalid-argument.ts'
import { optionsIn } from '../../protocol/options-in.ts'
import { MAX_DELAY_MS } from '../../protocol/max-delay.ts'
import { checkHeaders } from '../check-headers.ts'
import { type LongPollOptions } from './long-poll-options.ts'

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
