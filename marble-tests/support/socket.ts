import { map, type Observable } from 'rxjs'
import { ConnectionClosed, type PhoenixSocket, phoenixSocket, type SocketOptions } from '../../lib/index.ts'
import { type FakePhoenixOptions, fakePhoenix, type LinkScript } from '../../lib/testing/index.ts'
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

/** A socket on a fake server, without jitter: it waits 3 ms after each failure. */
export const socketOn = (
  server: FakePhoenixOptions,
  options: SocketOptions = {},
): { socket: PhoenixSocket; words$: Observable<string> } & ReturnType<typeof fakePhoenix> => {
  const fake = fakePhoenix(server)
  const socket = phoenixSocket(URL, { reconnect: () => 3, transport: fake.transport, ...options })
  return { ...fake, socket, words$: socket.pipe(map(word)) }
}
