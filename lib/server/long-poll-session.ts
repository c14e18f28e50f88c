import { isUtf8 } from 'node:buffer'
import { type ServerResponse } from 'node:http'
import { type Link } from './link.ts'
import { heldDelay } from '../protocol/max-delay.ts'
import { nextTurn } from './next-turn.ts'
import { type OutFrame } from './server-serializer.ts'
import { type Windows } from './windows.ts'

interface SessionEvents {
  readonly windowMs: number
  readonly windows: Windows
  /** Answers a poll with the messages that have gathered; none if its window is over. */
  readonly answer: (response: ServerResponse, messages: readonly string[]) => void
  /** Answers a poll whose messages are not valid text. */
  readonly notText: (response: ServerResponse) => void
  readonly closed: () => void
}

/** The link of a client that polls: messages wait until a poll takes them. */
export interface LongPollSession {
  readonly link: Link
  /** Holds the response until there is something to send, or for the length of the window. */
  poll(response: ServerResponse): void
}

/** How much longer than a window a session lives without a poll. */
const PATIENCE = 1.5

export const longPollSession = (events: SessionEvents): LongPollSession => {
  const { windowMs, windows, answer, notText, closed } = events
  let gathered: OutFrame[] = []
  let bytes = 0
  /** The polls that wait, each with its window. Messages go to the last. */
  const held: Map<ServerResponse, () => void> = new Map()
  let last: ServerResponse | undefined
  let flushing = false
  let live = true
  let waiters: (() => void)[] = []
  let patience: NodeJS.Timeout | undefined

  const endWithoutPoll = (): void => {
    clearTimeout(patience)
    if (live && held.size === 0) patience = setTimeout(end, heldDelay(windowMs * PATIENCE))
  }

  const release = (response: ServerResponse): void => {
    held.get(response)?.()
    held.delete(response)
    if (last === response) last = undefined
    endWithoutPoll()
  }

  const flush = (): void => {
    flushing = false
    const response = last
    if (!response || gathered.length === 0) return
    const frames = gathered
    gathered = []
    bytes = 0
    release(response)
    // Bytes travel as the text that they happen to be; bytes that are not valid text break their poll (recording `longpoll_ends`).
    if (frames.every((frame) => isUtf8(frame.bytes)))
      answer(
        response,
        frames.map((frame) => Buffer.from(frame.bytes).toString('utf8')),
      )
    else notText(response)
    const released = waiters
    waiters = []
    for (const resolve of released) resolve()
  }

  /** The polls that wait learn nothing of it: they are held to the end of their windows, as in Phoenix. */
  const end = (): void => {
    if (!live) return
    flush()
    live = false
    clearTimeout(patience)
    for (const resolve of waiters) resolve()
    closed()
  }

  const link: Link = {
    send: (frame) => {
      if (!live) return
      gathered.push(frame)
      bytes += frame.bytes.byteLength
      // At the end of the turn, so that messages that are sent together travel together.
      if (!last || flushing) return
      flushing = true
      nextTurn(flush)
    },
    close: end,
    kill: end,
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

  endWithoutPoll()
  return {
    link,
    poll: (response) => {
      clearTimeout(patience)
      last = response
      const closeWindow = windows.open(windowMs, () => {
        release(response)
        answer(response, [])
      })
      held.set(response, closeWindow)
      response.once('close', () => {
        if (held.has(response)) release(response)
      })
      flush()
    },
  }
}
