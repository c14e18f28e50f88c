import { type Connected } from './connect.ts'
import { type Link } from './link.ts'
import { type Mount } from './mount.ts'
import { type TransportName } from './server-socket.ts'
import { type SocketProcess } from './socket-process.ts'
import { type Trace } from './trace.ts'

/** What the endpoints of both transports need of the server. */
export interface EndpointHost {
  readonly trace: Trace
  /** False while the server refuses everybody. */
  readonly admits: () => boolean
  /** Starts a connection over a link. */
  readonly start: (mount: Mount, connected: Connected, transport: TransportName, link: Link) => SocketProcess
  readonly finish: (process: SocketProcess) => void
}
