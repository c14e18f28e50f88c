import { type ChannelState, type ConnectionState, type SocketError } from 'rx-phoenix'

/** The state of a socket or channel in a few words. */
export const describeState = (state: ConnectionState | ChannelState<unknown>): string => {
  switch (state.status) {
    case 'connecting':
    case 'joining':
      return state.attempt === 0 ? state.status : `${state.status}, after ${failures(state.attempt)}`
    case 'waiting':
      // A channel waits for its socket, a socket for its next attempt.
      return 'cause' in state ? retrying(state) : 'waiting for the socket'
    case 'errored':
      return retrying(state)
    case 'joined':
      return state.rejoined ? 'joined again' : 'joined'
    case 'idle':
    case 'open':
    case 'paused':
    case 'closed':
      return state.status
  }
}

interface Retrying {
  readonly status: string
  readonly attempt: number
  readonly retryInMs: number
  readonly cause: SocketError
}

/** The first failure is told in full, those that follow by their name. */
const retrying = ({ status, attempt, retryInMs, cause }: Retrying): string =>
  `${status} ${retryInMs} ms, ${failures(attempt)}: ${attempt === 1 ? cause.message : cause._tag}`

const failures = (attempt: number): string => (attempt === 1 ? '1 failure' : `${attempt} failures`)
