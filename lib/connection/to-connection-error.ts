import { ConnectionClosed, type ConnectionError, ConnectionFailed } from '../protocol/connection-error.ts'

const TAGS: ReadonlySet<unknown> = new Set<ConnectionError['_tag'] | 'Unauthorized'>([
  'ConnectionRefused',
  'ConnectionFailed',
  'ConnectionClosed',
  'ConnectTimeout',
  'HeartbeatTimeout',
  'InputFailed',
  'Unauthorized',
])

/** The close code of a connection that ended without a close frame. */
const NO_CLOSE_FRAME = 1006

/** A transport from outside may fail with anything; the states show only connection errors. */
export const toConnectionError = (error: unknown, opened: boolean): ConnectionError => {
  if (TAGS.has((error as { readonly _tag?: unknown } | undefined)?._tag)) return error as ConnectionError
  const reason = error instanceof Error ? error.message : String(error)
  return opened
    ? new ConnectionClosed({ code: NO_CLOSE_FRAME, reason, wasClean: false, cause: error })
    : new ConnectionFailed(reason, { cause: error })
}
