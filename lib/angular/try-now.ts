import { type Subject } from 'rxjs'
import { type PhoenixSocket } from '../phoenix-socket.ts'

/** What makes a provided socket that waits try to connect immediately. A socket that is provided by hand has none. */
export const tryNow: WeakMap<PhoenixSocket, Subject<void>> = new WeakMap()
