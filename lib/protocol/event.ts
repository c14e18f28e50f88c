/** The events that the protocol keeps for itself (Phoenix.Channel, Phoenix.Socket). */
export const PHX_JOIN = 'phx_join'
export const PHX_LEAVE = 'phx_leave'
export const PHX_REPLY = 'phx_reply'
export const PHX_ERROR = 'phx_error'
export const PHX_CLOSE = 'phx_close'
export const HEARTBEAT = 'heartbeat'

/** The topic of heartbeats; no channel can have it. */
export const PHOENIX_TOPIC = 'phoenix'

/** True for events that belong to the life of a channel and that no channel may use for its own messages. */
export const isReservedEvent = (event: string): boolean =>
  event === PHX_REPLY ||
  event === PHX_JOIN ||
  event === PHX_LEAVE ||
  event === PHX_ERROR ||
  event === PHX_CLOSE
