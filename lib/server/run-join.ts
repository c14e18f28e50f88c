import { inspect } from 'node:util'
import { type ChannelHost } from './channel-host.ts'
import { isThenable } from './mailbox.ts'
import { readResult } from './result.ts'

/** What came of a join; a join that raised or answered nonsense is `crashed`. */
export type JoinOutcome =
  | { readonly _tag: 'Joined'; readonly response: unknown }
  | { readonly _tag: 'Refused'; readonly response: unknown }
  | { readonly _tag: 'JoinCrashed' }

/** Runs a join and reads its answer. */
export const runJoin = (
  run: () => unknown,
  topic: string,
  host: ChannelHost,
): JoinOutcome | PromiseLike<JoinOutcome> => {
  const crashed = (error: unknown): JoinOutcome => {
    host.trace({ _tag: 'JoinCrashed', topic, error })
    return { _tag: 'JoinCrashed' }
  }
  const outcome = (value: unknown): JoinOutcome => {
    const result = readResult(value)
    if (result === 'noreply') return { _tag: 'Joined', response: {} }
    if (result?._tag === 'Reply' && result.status === 'ok')
      return { _tag: 'Joined', response: result.response }
    if (result?._tag === 'Reply' && result.status === 'error')
      return { _tag: 'Refused', response: result.response }
    return crashed(new TypeError(nonsense(topic, 'join', value)))
  }
  try {
    const value = run()
    return isThenable(value) ? value.then(outcome, crashed) : outcome(value)
  } catch (error) {
    return crashed(error)
  }
}

/** The error for a handler that returned something invalid. */
export const nonsense = (topic: string, event: string, value: unknown): string =>
  `the handler of "${event}" on "${topic}" returned ${inspect(value, { depth: 1 }).slice(0, 100)}; ` +
  (event === 'join'
    ? 'a join answers ok(), error() or nothing.'
    : 'a handler answers ok(), error(), reply(), stop() or nothing.')
