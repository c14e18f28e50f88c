import { type TraceEvent } from '../index.ts'
import { SESSION_VERSION, type SessionEvent, type SessionHeader } from '../testing/session.ts'

/**
 * A trace in the format of `rx-phoenix record`: one line of JSON each, the header first. Binary frames are left out,
 * since a trace shows their length and not their bytes.
 */
export const sessionOf = (
  events: Iterable<TraceEvent>,
  header: Pick<SessionHeader, 'url' | 'vsn' | 'recordedAt'>,
): string => {
  const lines: (SessionHeader | SessionEvent)[] = [
    { session: 'rx-phoenix', version: SESSION_VERSION, ...header },
  ]
  /** Open transports by the number of the connection that they belong to. */
  const open = new Map<number, number>()
  let beganAt: number | undefined
  for (const event of events) {
    beganAt ??= event.atMs
    const atMs = event.atMs - beganAt
    if (event.type === 'connection') {
      const { state, line } = event
      const connection = open.get(line)
      if (state.status === 'open') {
        open.set(line, state.connection.id)
        lines.push({ atMs, connection: state.connection.id, type: 'open' })
      } else if (connection !== undefined) {
        open.delete(line)
        const cause = event.cause ?? ('cause' in state ? state.cause : undefined)
        const code = cause?._tag === 'ConnectionClosed' ? cause.code : undefined
        lines.push({
          atMs,
          connection,
          type: 'close',
          ...(cause && { cause: cause._tag }),
          ...(code !== undefined && { code }),
        })
      }
    } else if ((event.type === 'frame-in' || event.type === 'frame-out') && !isBinary(event.frame))
      lines.push({
        atMs,
        connection: event.connectionId,
        type: event.type === 'frame-in' ? 'in' : 'out',
        text: event.frame,
      })
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

const isBinary = (frame: string): boolean => /^<\d+ bytes>$/.test(frame)
