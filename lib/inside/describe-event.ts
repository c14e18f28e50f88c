import { oneLine } from '../protocol/one-line.ts'
import { type ConnectionState } from '../connection/connection-state.ts'
import { type WorkOutcome } from '../connection/trace.ts'
import { type ChannelTrace, type TraceEvent } from './trace-event.ts'

/** From what needs attention, to everything. */
export type TraceLevel = 'error' | 'info' | 'frames'

/** An event in words. */
export interface EventLine {
  readonly level: TraceLevel
  readonly text: string
}

const SHOWN_CHARACTERS = 160
const NO_FAILURES: ReadonlySet<WorkOutcome> = new Set(['ok', 'sent', 'abandoned'])

/** Describes an event in one line, with its level. */
export const describeEvent = (event: TraceEvent): EventLine => {
  const { level, text } = describe(event)
  // A frame that is not JSON may contain line breaks and could imitate a line of the log.
  return { level, text: oneLine(text) }
}

const describe = (event: TraceEvent): EventLine => {
  switch (event.type) {
    case 'connection':
      return connectionLine(event)
    case 'channel':
      return channelLine(event.topic, event.state)
    case 'frame-in':
    case 'frame-out': {
      const { frame, byteLength, connectionId } = event
      const arrow = event.type === 'frame-in' ? '<-' : '->'
      return { level: 'frames', text: `${arrow} #${connectionId} ${byteLength} B ${cut(frame)}` }
    }
    case 'join':
    case 'push':
    case 'heartbeat':
      return workLine(event)
    case 'dropped': {
      const { topic, event: name } = event.message
      return { level: 'frames', text: `${topic}: dropped ${name} on #${event.connectionId}, ${event.reason}` }
    }
    case 'decode-failed':
    case 'input-failed':
      return { level: 'error', text: event.error.message }
  }
}

const connectionLine = ({
  number,
  state,
  cause,
}: Extract<TraceEvent, { readonly type: 'connection' }>): EventLine => {
  const who = number === 1 ? 'connection' : `connection ${number}`
  if (cause) return { level: 'error', text: `${who} failed permanently: ${cause._tag}: ${cause.message}` }
  return {
    level: state.status === 'waiting' ? 'error' : 'info',
    text: `${who} ${connectionWords(state)}`,
  }
}

const connectionWords = (state: ConnectionState): string => {
  switch (state.status) {
    case 'connecting':
      return state.attempt === 0 ? 'connecting' : `connecting again, attempt ${state.attempt}`
    case 'open':
      return `open, #${state.connection.id}`
    case 'waiting':
      return `waiting ${ms(state.retryInMs)} after ${state.cause._tag}: ${state.cause.message}`
    case 'idle':
    case 'paused':
      return state.status
  }
}

const channelLine = (topic: string, { status, retryInMs, cause, rejoined }: ChannelTrace): EventLine => {
  if (cause === undefined) {
    const again = rejoined === true ? ' again' : ''
    return { level: 'info', text: `${topic}: ${status}${again}` }
  }
  const next = retryInMs === undefined ? 'failed permanently' : `errored, rejoins in ${ms(retryInMs)}`
  return { level: 'error', text: `${topic}: ${next}: ${cause}` }
}

const workLine = (
  event: Extract<TraceEvent, { readonly type: 'join' | 'push' | 'heartbeat' }>,
): EventLine => {
  const name = event.type === 'push' ? `push ${event.event}` : event.type
  const what = event.type === 'heartbeat' ? `heartbeat on #${event.connectionId}` : `${event.topic}: ${name}`
  if (event.step !== 'end') return { level: 'frames', text: `${what}, ${event.step}` }
  const failed = !NO_FAILURES.has(event.outcome)
  // Only a missed heartbeat is worth a line.
  const quiet = event.type === 'heartbeat' || event.outcome === 'abandoned'
  const level = failed ? 'error' : quiet ? 'frames' : 'info'
  return { level, text: `${what} ${event.outcome} after ${ms(event.latencyMs)}` }
}

const cut = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text

const ms = (duration: number): string => `${Math.round(duration)} ms`
