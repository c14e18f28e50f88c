import { isLeft } from 'fp-ts/Either'
import { Observable } from 'rxjs'
import { InvalidPayload, PushTimeout } from '../protocol/push-error.ts'
import { type Answer } from '../connection/wire.ts'
import { within } from '../connection/within.ts'
import { type Outgoing, PendingPush } from './pending-push.ts'
import { type SharedTopic } from './shared-topic.ts'

/**
 * Sends one event as soon as the channel is joined, and emits the response of its reply: one value, then complete. Every
 * push settles once, with that or with a `PushError`; see its classes for when.
 *
 *     joined  ---j----------
 *     reply      ----r
 *     push    -------(r|)
 *
 * @param timeoutMs - from subscription to reply. Default: the one with which the topic is joined.
 */
export const push = (
  topic: SharedTopic,
  outgoing: Outgoing,
  timeoutMs: number = topic.settings.pushTimeoutMs,
): Observable<unknown> =>
  new Observable((subscriber) => {
    const pending = new PendingPush(topic, outgoing, timeoutMs, subscriber)
    // First, since a tracer may cause the join: the push would be sent then, and again here.
    pending.report('start')
    if (subscriber.closed) return
    subscriber.add(pending)
    subscriber.add(
      whenJoined(pending)
        .pipe(within(timeoutMs, topic.context.limits, () => late(pending)))
        .subscribe(pending),
    )
  })

/** The answer to the request, which is sent when the channel is joined. If that join is lost first, it waits for the next one. */
const whenJoined = (pending: PendingPush): Observable<Answer> =>
  new Observable((subscriber) => {
    const { topic } = pending
    pending.answers = subscriber
    topic.pushes.add(pending)
    if (topic.ready) pending.follow(topic.state)
    else {
      const error = invalid(pending)
      if (error) subscriber.error(error)
    }
  })

const late = ({ topic, outgoing: { event }, sent, timeoutMs }: PendingPush): PushTimeout =>
  new PushTimeout({ topic: topic.name, event, sent, timeoutMs })

/** A payload that cannot be encoded fails now, not only when the channel is joined. */
const invalid = ({ topic: { context, name: topic }, outgoing }: PendingPush): InvalidPayload | undefined => {
  const { event, payload } = outgoing
  const encoded = context.settings.serializer.encode({ topic, event, payload, ref: '0', joinRef: '0' })
  return isLeft(encoded) ? new InvalidPayload({ topic, event, error: encoded.left }) : undefined
}
