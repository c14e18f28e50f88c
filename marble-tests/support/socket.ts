import { EMPTY, map, type Observable } from 'rxjs'
import {
  ConnectionClosed,
  type Message,
  type PhoenixSocket,
  phoenixSocket,
  type SocketOptions,
} from '../../lib/index.ts'
import { type FakePhoenixOptions, fakePhoenix, type LinkScript, okTo } from '../../lib/testing/index.ts'
import { word } from './run.ts'

export const URL = 'ws://localhost/socket'

/** A link that was open and ended with this code. */
export const closedWith = (code: number, reason = ''): ConnectionClosed =>
  new ConnectionClosed({ code, reason, wasClean: code !== 1006 })

/** The links of a test in the order in which they are dialled; the last serves for all that follow. */
export const inOrder =
  (...scripts: [LinkScript, ...LinkScript[]]): ((index: number) => LinkScript) =>
  (index) =>
    scripts[index] ?? scripts.at(-1) ?? scripts[0]

/**
 * Replies `ok` when a diagram emits, counted from the message: `replying(cold('--r'))`. Of several the first is for the first
 * message, and so on; the last one serves for all that follow.
 */
export const replying = (
  ...replies: [Observable<unknown>, ...Observable<unknown>[]]
): ((message: Message) => Observable<Message>) => {
  let messages = 0
  return (message) => (replies[messages++] ?? replies.at(-1) ?? EMPTY).pipe(map(() => okTo(message)))
}

/** A socket on a fake server, without jitter: it waits 3 ms after each failure. */
export const socketOn = (
  server: FakePhoenixOptions,
  options: SocketOptions = {},
): { socket: PhoenixSocket; words$: Observable<string> } & ReturnType<typeof fakePhoenix> => {
  const fake = fakePhoenix(server)
  const socket = phoenixSocket(URL, { reconnect: () => 3, transport: fake.transport, ...options })
  return { ...fake, socket, words$: socket.pipe(map(word)) }
}
