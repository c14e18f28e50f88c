import { type Subject } from 'rxjs'
import { type PhoenixSocket } from '../phoenix-socket.ts'

/** By socket, what makes it connect immediately while it waits. Only sockets of `providePhoenixSocket` have an entry. */
export const tryNow: WeakMap<PhoenixSocket, Subject<void>> = new WeakMap()
