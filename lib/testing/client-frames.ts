import { HEARTBEAT, PHOENIX_TOPIC, PHX_JOIN, PHX_LEAVE } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'

/** What a client is expected to send: only what is named is compared, payloads deeply. */
export type ExpectedFrame = Partial<Message>

/** A join; with any params unless they are given. */
export const joinFrame = (topic: string, params?: unknown): ExpectedFrame => frame(topic, PHX_JOIN, params)

/** A leave. */
export const leaveFrame = (topic: string): ExpectedFrame => frame(topic, PHX_LEAVE, undefined)

/** A push or a send; with any payload unless it is given. */
export const pushFrame = (topic: string, event: string, payload?: unknown): ExpectedFrame =>
  frame(topic, event, payload)

/** A heartbeat. */
export const heartbeatFrame = (): ExpectedFrame => frame(PHOENIX_TOPIC, HEARTBEAT, undefined)

const frame = (topic: string, event: string, payload: unknown): ExpectedFrame => ({
  topic,
  event,
  ...(payload !== undefined && { payload }),
})
