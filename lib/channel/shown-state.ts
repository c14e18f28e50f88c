import { type ChannelTrace } from '../socket/trace-event.ts'
import { type ChannelState } from './channel-state.ts'

/** A state as a trace may show it: what the server said may hold a secret, so the tag of a cause stands for the cause. */
export const shownState = (state: ChannelState): ChannelTrace => {
  switch (state.status) {
    case 'joined':
      return { status: state.status, joinRef: state.joinRef, rejoined: state.rejoined }
    case 'errored':
      return {
        status: state.status,
        attempt: state.attempt,
        retryInMs: state.retryInMs,
        cause: state.cause._tag,
      }
    default:
      return state
  }
}
