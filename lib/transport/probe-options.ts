import { asyncScheduler, type SchedulerLike } from 'rxjs'
import { checked, optionsIn } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { timeLimit } from './time-limit.ts'

const PATHS: readonly unknown[] = [undefined, 'websocket', 'longpoll']

/** What is used of an answer. */
export type ProbeResponse = Pick<Response, 'status' | 'headers' | 'text'>

/** Options of `probeRefusal`. All times are in milliseconds. */
export interface ProbeOptions {
  /**
   * Which endpoint of the socket is asked. Default: `longpoll` if there is an `authToken`, which only travels there;
   * `websocket` otherwise.
   */
  readonly path?: 'websocket' | 'longpoll'
  /** At most one request in this time; its result is reused meanwhile. Default: 10,000. */
  readonly everyMs?: number
  /** How long the answer may take, at most 24.8 days. Infinity: any time. Default: 3,000. */
  readonly timeoutMs?: number
  /** Default: the `fetch` of the platform. */
  readonly fetch?: (url: string, init: RequestInit) => PromiseLike<ProbeResponse>
  /** For the times above. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
}

/** The options with their defaults, the path excepted, which goes by the attempt. Throws `InvalidArgument`. */
export interface ProbeSettings extends Required<Omit<ProbeOptions, 'path'>> {
  readonly path: ProbeOptions['path']
}

export const probeSettings = (options: ProbeOptions): ProbeSettings => {
  const {
    path,
    everyMs = 10_000,
    timeoutMs = 3_000,
    fetch: send = fetch,
    scheduler = asyncScheduler,
  } = optionsIn('options', options)
  if (DEV) {
    checked(PATHS.includes(path), 'probeRefusal.path', path, "pass 'websocket' or 'longpoll'.")
    checked(typeof send === 'function', 'probeRefusal.fetch', send, 'pass a function like fetch.')
  }
  for (const [name, ms] of Object.entries({ everyMs, timeoutMs })) timeLimit(`probeRefusal.${name}`, ms)
  return { path, everyMs, timeoutMs, fetch: send, scheduler }
}
