import { isLeft } from 'fp-ts/Either'
import { defaultIfEmpty, NEVER, Observable, type OperatorFunction, switchMap } from 'rxjs'
import { ChannelClosed, InvalidPayload, PushRefused, PushTimeout } from '../protocol/push-error.ts'
import { isUnmatchedTopic } from '../protocol/reply.ts'
import { type SocketError } from '../protocol/socket-error.ts'
import { Backlog, whenRoom } from '../connection/backlog.ts'
import { type Answer, request } from '../connection/request.ts'
import { within } from '../connection/within.ts'
import { type Wire } from '../connection/wire.ts'
import { type ChannelState } from './channel-state.ts'
import { type Outgoing, PendingPush } from './pending-push.ts'
import { type SharedTopic } from './shared-topic.ts'

/** The outcome of an event that wants no reply. */
const SENT = 'sent'

/**
 * Sends one event as soon as the channel is joined, and emits the response of its reply: one value, then complete. Every
 * push settles once, with that or with a `PushError`; see its classes for when.
 *
 *     joined  ---j----------
 *     reply      ----r
 *     push    -------(r|)
 *
 * @param timeoutMs - from subscription to reply. Default: the one that the topic is held with.
 */
export const push = (
  topic: SharedTopic,
  outgoing: Outgoing,
  timeoutMs: number = topic.settings.pushTimeoutMs,
): Observable<unknown> => {
  const pending = new PendingPush(topic, outgoing, timeoutMs)
  const late = (): PushTimeout => new PushTimeout({ ...facts(pending), timeoutMs })
  return states(pending).pipe(
    // switchMap: a push that waits for the transport stops waiting when the join is lost.
    switchMap((state) => step(pending, state)),
    within(timeoutMs, topic.context.limits, late),
    settled(pending),
  )
}

const facts = ({ topic, outgoing: { event }, sent }: PendingPush) => ({ topic: topic.name, event, sent })

/** The states of the channel, in the order of the pushes: the current one if it is joined, then each change. */
const states = (pending: PendingPush): Observable<ChannelState> =>
  new Observable((subscriber) => {
    const { topic } = pending
    pending.states = subscriber
    topic.pushes.add(pending)
    subscriber.add(() => topic.pushes.delete(pending))
    if (topic.ready) subscriber.next(topic.state)
    else {
      const error = invalid(pending)
      if (error) subscriber.error(error)
    }
  })

/** A payload that cannot be carried fails now, and not when the channel is joined some day. */
const invalid = ({ topic: { context, name: topic }, outgoing }: PendingPush): InvalidPayload | undefined => {
  const { event, payload } = outgoing
  const encoded = context.settings.serializer.encode({ topic, event, payload, ref: '0', joinRef: '0' })
  return isLeft(encoded) ? new InvalidPayload({ topic, event, error: encoded.left }) : undefined
}

const step = (pending: PendingPush, { status }: ChannelState): Observable<Answer | typeof SENT> => {
  const { topic, outgoing, sent } = pending
  if (status === 'closed') throw new ChannelClosed({ topic: topic.name, sent })
  if (sent) throw topic.loss()
  const { wire } = topic
  if (status !== 'joined' || !wire) return NEVER
  if (outgoing.highWaterMark === undefined) return send(pending, wire)
  const backlog = (wire.backlog ??= new Backlog(wire, topic.scheduler))
  return whenRoom(backlog, outgoing.highWaterMark).pipe(switchMap(() => send(pending, wire)))
}

const send = (pending: PendingPush, wire: Wire): Observable<Answer | typeof SENT> => {
  const { event, payload, wantsReply } = pending.outgoing
  const answer$ = request(wire, {
    topic: pending.topic.name,
    event,
    payload,
    wantsReply,
    joinRef: (ref) => pending.sending(wire, ref),
    // It is not sent: it waits for the next join.
    notTaken: () => {
      pending.wire = undefined
    },
  })
  return wantsReply ? answer$ : answer$.pipe(defaultIfEmpty(SENT))
}

/** Emits the outcome, once, and keeps the topic meanwhile. */
const settled =
  (pending: PendingPush): OperatorFunction<Answer | typeof SENT, unknown> =>
  (answers$) =>
    new Observable((subscriber) => {
      const { topic, outgoing } = pending
      const fail = (error: SocketError): void => {
        topic.pushes.delete(pending)
        pending.report('end', error._tag)
        topic.keepDuring(() => {
          subscriber.error(error)
        })
      }
      const succeed = (outcome: 'ok' | 'sent', response?: unknown): void => {
        pending.report('end', outcome)
        topic.keepDuring(() => {
          if (outcome === 'ok') subscriber.next(response)
          subscriber.complete()
        })
      }
      // First, since a tracer may bring the join about: then it would be sent at that, and again here.
      pending.report('start')
      if (subscriber.closed) return
      subscriber.add(() => {
        // The trace takes the first end only.
        pending.report('end', 'abandoned')
      })
      const next = (answer: Answer | typeof SENT): void => {
        // It has its answer, whatever a subscriber brings about at that.
        topic.pushes.delete(pending)
        if (answer === SENT) {
          succeed('sent')
          return
        }
        const { reply, message } = answer
        if (reply.status === 'ok') {
          succeed('ok', reply.response)
          return
        }
        // The state changes before the push fails, so that a retry waits for the rejoin.
        if (isUnmatchedTopic(message, reply)) topic.unmatched(pending.joinRef, reply.response)
        fail(new PushRefused({ topic: topic.name, event: outgoing.event, ...reply }))
      }
      subscriber.add(answers$.subscribe({ next, error: fail }))
    })
