import { PHX_CLOSE, PHX_ERROR, PHX_REPLY } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'

/** The reply of a server to one message of the client. */
export const replyTo = (
  { topic, ref, joinRef }: Message,
  status: string,
  response: unknown = {},
): Message => ({
  topic,
  event: PHX_REPLY,
  payload: { status, response },
  ref,
  joinRef,
})

/** The reply that accepts a message. */
export const okTo = (message: Message, response: unknown = {}): Message => replyTo(message, 'ok', response)

/** The reply that refuses a message. */
export const errorTo = (message: Message, response: unknown = {}): Message =>
  replyTo(message, 'error', response)

/** The reply to a message for a topic that is not joined: join_ref is null, whatever the client sent. */
export const unmatchedTo = (message: Message): Message =>
  errorTo({ ...message, joinRef: null }, { reason: 'unmatched topic' })

/** A push from a channel: it carries the join_ref of the join. */
export const pushed = (topic: string, joinRef: string, event: string, payload: unknown = {}): Message => ({
  topic,
  event,
  payload,
  ref: null,
  joinRef,
})

/** A broadcast: it carries no refs. */
export const broadcast = (topic: string, event: string, payload: unknown = {}): Message => ({
  topic,
  event,
  payload,
  ref: null,
  joinRef: null,
})

/** The end of a channel that crashed. */
export const crashed = (topic: string, joinRef: string): Message => ({
  topic,
  event: PHX_ERROR,
  payload: { reason: 'channel_crash' },
  ref: joinRef,
  joinRef,
})

/** The end of a channel that the server closed, or that the client left. */
export const closed = (topic: string, joinRef: string): Message => ({
  topic,
  event: PHX_CLOSE,
  payload: {},
  ref: joinRef,
  joinRef,
})
