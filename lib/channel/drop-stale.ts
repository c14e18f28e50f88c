import { PHX_CLOSE, PHX_ERROR } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'
import { isUnmatchedTopic, type Reply, replyOf } from '../protocol/reply.ts'

/** True for the two events that end a join. */
const endsJoin = (event: string): boolean => event === PHX_CLOSE || event === PHX_ERROR

/**
 * True if a message belongs to another join of the topic than the current one. A broadcast has join_ref null, so it passes.
 * With version 1.0.0 there is no join_ref, but that of `phx_close` and `phx_error` stands in `ref`.
 */
export const isStale = (
  { event, ref, joinRef }: Message,
  current: { readonly joinRef: string | undefined },
): boolean =>
  joinRef === null ? endsJoin(event) && ref !== null && ref !== current.joinRef : joinRef !== current.joinRef

/**
 * The reply that means that the server no longer has the join; undefined for other replies. Refs rise, so a reply to an older
 * ref is about an older join.
 */
export const lostJoin = (message: Message, current: string): Reply | undefined => {
  const reply = replyOf(message)
  return reply && isUnmatchedTopic(message, reply) && Number(message.ref) > Number(current)
    ? reply
    : undefined
}
