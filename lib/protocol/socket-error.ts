import { type ChannelError } from './channel-error.ts'
import { type ConnectionError } from './connection-error.ts'
import { type DecodeFailed } from './decode-failed.ts'
import { type PushError } from './push-error.ts'

/** Every error that a stream of the library can give. */
export type SocketError = ConnectionError | ChannelError | PushError | DecodeFailed
