import { type PushRequest } from './channel-definition.ts'
import { type ChannelLife } from './channel-life.ts'
import { isThenable } from './mailbox.ts'
import { readResult } from './result.ts'
import { nonsense } from './run-join.ts'

/**
 * Runs a handler and does what it returned: answers, stops, nothing. What it throws, or returns without sense, crashes
 * the channel. Gives a promise only if the handler is asynchronous; the promise never rejects.
 */
export const runHandler = (
  topic: string,
  life: ChannelLife,
  event: string,
  run: () => unknown,
  request?: PushRequest,
): void | PromiseLike<void> => {
  const settle = (value: unknown): void => {
    if (life.status() !== 'joined') return // it ended meanwhile; a process that is gone answers nothing
    const result = readResult(value)
    if (result === undefined || (result !== 'noreply' && result._tag === 'Reply' && !request)) {
      life.crash(new TypeError(nonsense(topic, event, value)), event)
      return
    }
    if (result === 'noreply') return
    const answer = result._tag === 'Reply' ? result : result.reply
    if (answer) request?.reply(answer)
    if (result._tag === 'Stop') life.stop(result.reason)
  }
  const failed = (error: unknown): void => {
    life.crash(error, event)
  }
  try {
    const value = run()
    if (isThenable(value)) return value.then(settle, failed)
    settle(value)
  } catch (error) {
    failed(error)
  }
}
