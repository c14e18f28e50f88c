import { type TraceEvent } from '../index.ts'
import { SESSION_VERSION, type SessionEvent, type SessionHeader } from '../testing/session.ts'

/**
 * A trace in the format of `rx-phoenix record`: one line of JSON each, the header first. Binary frames are left out,
 * since a trace shows their length and not their bytes; so is the URL, which no trace holds.
 */
export const sessionOf = (events: Iterable<TraceEvent>): string => {
  const lines: SessionEvent[] = []
  /** Open connections by the number that they keep over reconnects. */
  const open = new Map<number, number>()
  let beganAt: number | undefined
  let vsn = '2.0.0'
  for (const event of events) {
    beganAt ??= event.atMs
    const atMs = event.atMs - beganAt
    if (event.type === 'connection') {
      const { state, number } = event
      const connection = open.get(number)
      if (state.status === 'open') {
        open.set(number, state.connection.id)
        lines.push({ atMs, connection: state.connection.id, type: 'open' })
      } else if (connection !== undefined) {
        open.delete(number)
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
    } else if ((event.type === 'frame-in' || event.type === 'frame-out') && !isBinary(event.frame)) {
      if (event.frame.startsWith('{')) vsn = '1.0.0'
      lines.push({
        atMs,
        connection: event.connectionId,
        type: event.type === 'frame-in' ? 'in' : 'out',
        text: event.frame,
      })
    }
  }
  const recordedAt = new Date(beganAt ?? 0).toISOString()
  const header: SessionHeader = {
    session: 'rx-phoenix',
    version: SESSION_VERSION,
    url: UNKNOWN_URL,
    vsn,
    recordedAt,
  }
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
}

const UNKNOWN_URL = 'ws://localhost/socket'

const isBinary = (frame: string): boolean => /^<\d+ bytes>$/.test(frame)
