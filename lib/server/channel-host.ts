import { type ServerChannel } from './channel-definition.ts'
import { type Told } from './channel-life.ts'
import { type LeaveFault } from './faults.ts'
import { type Hub } from './hub.ts'
import { type OutFrame, type ServerSerializer } from './server-serializer.ts'
import { type ServerSocket } from './server-socket.ts'
import { type Trace } from './trace.ts'

/** The faults of joins and leaves that are in force. */
export interface ChannelFaults {
  readonly joinDelayMs: (topic: string) => number
  readonly leave: (topic: string) => LeaveFault
  readonly doubledBroadcasts: (topic: string) => number
}

/** What a channel needs of the connection that it lives on. */
export interface ChannelHost {
  readonly socket: ServerSocket
  readonly serializer: ServerSerializer
  readonly hub: Hub
  readonly trace: Trace
  readonly faults: ChannelFaults
  readonly send: (frame: OutFrame) => void
  readonly drained: () => Promise<void>
  /** Told of each message that comes (1) and of each that is done (-1), for what waits must have a bound. */
  readonly count: (delta: number) => void
  /** The channel is over; sends the message to the client, if there is one. */
  readonly ended: (channel: ServerChannel, told: Told) => void
}
