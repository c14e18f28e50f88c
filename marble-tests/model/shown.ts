import { type ChannelState, type ConnectionState } from '../../lib/index.ts'

/* What subscribers are told, as the logs show it. */

export const shownError = (error: {
  readonly _tag: string
  readonly sent?: boolean
  readonly status?: unknown
}): string => {
  const sent = error.sent === undefined ? '' : error.sent ? ' sent' : ' not sent'
  return `error ${error._tag}${sent}${error._tag === 'PushRefused' ? ` ${String(error.status)}` : ''}`
}

export const shownValue = (value: unknown): string => `next ${JSON.stringify(value)}`

export const shownConnection = (state: ConnectionState): string => {
  switch (state.status) {
    case 'connecting':
    case 'open':
      return `${state.status} ${state.attempt}`
    case 'waiting':
      return `waiting ${state.attempt} ${state.retryInMs} ${state.cause._tag}`
    default:
      return state.status
  }
}

export const shownChannel = (state: ChannelState): string => {
  switch (state.status) {
    case 'joining':
      return `joining ${state.attempt}`
    case 'joined':
      return `joined ${state.joinRef} ${state.rejoined ? 'again' : 'first'} ${JSON.stringify(state.response)}`
    case 'errored':
      return `errored ${state.attempt} ${state.retryInMs} ${state.cause._tag}`
    default:
      return state.status
  }
}
