import { type ChannelState, type ConnectionState, type SocketError } from '../index.ts'
import { explain } from './explain.ts'
import { type Tone } from './status.ts'

/** The state of a socket or channel for people, or undefined if nothing is new. */
export const describeState = (
  state: ConnectionState | ChannelState,
): { readonly text: string; readonly tone: Tone } | undefined => {
  switch (state.status) {
    case 'connecting':
    case 'joining':
      // What follows a failure has been announced together with it.
      return state.attempt === 0 ? { text: state.status, tone: 'faint' } : undefined
    case 'waiting':
      // A channel waits for its socket, whose state has more detail.
      return 'cause' in state ? { text: retrying(state), tone: 'warning' } : undefined
    case 'errored':
      return { text: retrying(state), tone: 'warning' }
    case 'joined':
      return { text: state.rejoined ? 'joined again' : 'joined', tone: 'good' }
    case 'open':
      return { text: state.status, tone: 'good' }
    case 'closed':
      return { text: 'closed by the server', tone: 'warning' }
    case 'idle':
    case 'paused':
      return { text: state.status, tone: 'faint' }
  }
}

interface Retrying {
  readonly attempt: number
  readonly retryInMs: number
  readonly cause: SocketError
}

/** The first failure is printed in full, later ones by their name. */
const retrying = ({ attempt, retryInMs, cause }: Retrying): string =>
  `${attempt === 1 ? explain(cause) : `${cause._tag}, ${attempt} failures in a row;`} Next try in ${seconds(retryInMs)}.`

const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`)
