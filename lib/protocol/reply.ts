import { type Message } from './message.ts'

/** The payload of a `phx_reply`. `status` is any string that the server chooses; `response` need not be an object. */
export interface Reply {
  readonly status: string
  readonly response: unknown
}

/** The reply in a `phx_reply` message; undefined if its payload has another form. */
export const replyOf = ({ payload }: Message): Reply | undefined => {
  const { status, response } = Object(payload) as Readonly<Record<string, unknown>>
  return typeof status === 'string' ? { status, response } : undefined
}

/**
 * True if this reply means that the topic of the message is not joined. Such a reply has join_ref null, whatever the
 * client sent, and the same words stand in the answer to a join of a topic that no channel handles.
 */
export const isUnmatchedTopic = (message: Message, { status, response }: Reply): boolean =>
  status === 'error' && message.joinRef === null && reasonOf(response) === 'unmatched topic'

/** `response.reason`, in which Phoenix itself gives the reason of a refusal. */
export const reasonOf = (response: unknown): unknown =>
  (response as { readonly reason?: unknown } | null | undefined)?.reason
