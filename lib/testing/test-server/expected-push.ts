import { closed, crashed, okTo, replyTo } from '../messages.ts'
import { type Received, type ServerCore } from './server-core.ts'

/** A push of the client, which waits for the answer of the test. Each may be given one answer. */
export interface ExpectedPush<P = unknown, R = unknown> {
  readonly payload: P
  /** Replies `ok`. Default response: `{}`. */
  reply(...response: undefined extends R ? [response?: R] : [response: R]): void
  /** Replies with another status, `error` by default: the push fails with `PushRefused`. */
  refuse(response?: unknown, status?: string): void
  /** Never replies: the push fails with `PushTimeout` once the clock of the test has passed its time. */
  timeOut(): void
  /** The channel crashes over it, without a reply: the push fails with `ChannelCrashed`, and the client joins again. */
  crash(): void
  /** The server closes the channel over it, without a reply: the push fails with `ChannelClosed`. */
  close(): void
}

export const expectedPush = (core: ServerCore, received: Received): ExpectedPush => {
  const { message, link } = received
  const { topic, event, payload, joinRef } = message
  const answer = (send: () => void): void => {
    const what = `The push "${event}" on "${topic}" cannot be answered`
    if (!core.isCurrent(received)) throw core.failure(`${what}: its connection or its join has ended since.`)
    if (received.settled) throw core.failure(`${what}: it has already been answered.`)
    received.settled = true
    send()
  }
  const end = (frame: typeof crashed) => (): void => {
    answer(() => {
      core.forget(topic)
      core.say(link, frame(topic, joinRef ?? ''))
    })
  }
  return {
    payload,
    reply: (response: unknown = {}) => {
      answer(() => {
        core.say(link, okTo(message, response))
      })
    },
    refuse: (response = {}, status = 'error') => {
      answer(() => {
        core.say(link, replyTo(message, status, response))
      })
    },
    timeOut: () => {
      answer(() => undefined)
    },
    crash: end(crashed),
    close: end(closed),
  }
}
