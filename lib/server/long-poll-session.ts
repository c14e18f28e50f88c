import { type ServerResponse } from 'node:http'
import { type Link } from './link.ts'
import { heldDelay } from '../protocol/max-delay.ts'
import { type OutFrame } from './server-serializer.ts'

/** What answers a poll: a status, the session's token and the messages that have gathered. */
export interface PollAnswer {
  readonly status: 200 | 204
  readonly messages: readonly string[]
}

interface SessionEvents {
  readonly windowMs: number
  readonly answer: (response: ServerResponse, answer: PollAnswer) => void
  readonly notText: (frame: OutFrame) => void
  readonly closed: () => void
}

/** The link of a client that polls: what is sent gathers until a poll takes it. */
export interface LongPollSession {
  readonly link: Link
  /** Holds the response until there is something to say, or for the length of the window. */
  poll(response: ServerResponse): void
}

/** How much longer than a window a session lives without a poll. */
const PATIENCE = 1.5

export const longPollSession = ({ windowMs, answer, notText, closed }: SessionEvents): LongPollSession => {
  let messages: string[] = []
  let bytes = 0
  let waiting: ServerResponse | undefined
  let flushing: NodeJS.Immediate | undefined
  let live = true
  let waiters: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined

  /** One timer for both: a poll that waits is answered, a session that nobody polls ends. */
  const actWithin = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (waiting) flush()
      else end()
    }, heldDelay(ms))
  }

  const flush = (): void => {
    clearImmediate(flushing)
    flushing = undefined
    const response = waiting
    if (!response) return
    waiting = undefined
    const taken = messages
    messages = []
    bytes = 0
    answer(response, { status: taken.length > 0 ? 200 : 204, messages: taken })
    if (live) actWithin(windowMs * PATIENCE)
    const released = waiters
    waiters = []
    for (const resolve of released) resolve()
  }

  const end = (): void => {
    if (!live) return
    live = false
    clearTimeout(timer)
    flush()
    for (const resolve of waiters) resolve()
    closed()
  }

  const link: Link = {
    send: (frame) => {
      if (!live) return
      // The messages of a poll are strings of JSON; bytes have no form there (Phoenix does not carry them either).
      if (frame.binary) {
        notText(frame)
        return
      }
      messages.push(Buffer.from(frame.bytes).toString('utf8'))
      bytes += frame.bytes.byteLength
      // At the end of the turn, so that what is sent together travels together.
      if (waiting) flushing ??= setImmediate(flush)
    },
    close: end,
    kill: () => {
      waiting?.destroy()
      waiting = undefined
      end()
    },
    // Each request is small and answered; there is nothing that could be read more slowly.
    pause: () => undefined,
    resume: () => undefined,
    bufferedBytes: () => bytes,
    drained: () =>
      bytes === 0 || !live
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.push(resolve)
          }),
  }

  actWithin(windowMs * PATIENCE)
  return {
    link,
    poll: (response) => {
      // The client has given up on its last poll; what it would have got it gets now.
      if (waiting) answer(waiting, { status: 204, messages: [] })
      waiting = response
      response.once('close', () => {
        if (waiting !== response) return
        waiting = undefined
        if (live) actWithin(windowMs * PATIENCE)
      })
      if (messages.length > 0) flush()
      else actWithin(windowMs)
    },
  }
}
