import { type SocketError, type TraceEvent } from '../../index.ts'

/** A trace event as plain data for the page, with what came from the environment hidden. */
export const shownEvent = (event: TraceEvent, hide: (json: string) => string): unknown => {
  switch (event.type) {
    case 'frame-in':
    case 'frame-out':
      return { ...event, frame: hide(event.frame) }
    case 'decode-failed':
    case 'input-failed':
      return { ...event, error: shownError(event.error, hide) }
    case 'connection': {
      const { state, cause } = event
      const shown = 'cause' in state ? { ...state, cause: shownError(state.cause, hide) } : state
      return { ...event, state: shown, cause: cause && shownError(cause, hide) }
    }
    default:
      return event
  }
}

/** What the inspector reads of an error. The answer of the server is only in its message. */
const shownError = (error: SocketError, hide: (json: string) => string): unknown => ({
  _tag: error._tag,
  message: hide(error.message),
  ...('code' in error && { code: error.code }),
  ...(error._tag === 'DecodeFailed' && { event: error.event }),
})
