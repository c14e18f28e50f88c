import { isLeft } from 'fp-ts/Either'
import { PHX_CLOSE, PHX_ERROR } from '../protocol/event.ts'
import { type Message } from '../protocol/message.ts'
import { type ChannelDefinition, type PushRequest, type TerminateReason } from './channel-definition.ts'
import { type ChannelHost } from './channel-host.ts'
import { channelView, type ServerChannelView } from './channel-view.ts'
import { handlerOf } from './handler-of.ts'
import { type Subscriber } from './hub.ts'
import { isThenable, mailbox } from './mailbox.ts'
import { type JoinOutcome, nonsense, runJoin } from './run-join.ts'
import { isOrderly, readResult, type ReplyResult, type StopReason } from './result.ts'

/** One join of one client: in Phoenix a process of its own. */
export interface ChannelProcess {
  readonly topic: string
  /** The join_ref as the client sent it; null with version 1.0.0 if it sent none. */
  readonly wireJoinRef: string | null
  readonly view: ServerChannelView
  join(params: unknown): JoinOutcome | PromiseLike<JoinOutcome>
  /** After the reply to the join has been sent: what waited is handled now. */
  begin(): void
  push(message: Message): void
  leave(ref: string | null): void
  /** Ends it from outside; the client is not told. */
  end(reason: TerminateReason): void
}

type Item =
  | { readonly _tag: 'Push'; readonly message: Message }
  | { readonly _tag: 'Leave'; readonly ref: string | null }
  | { readonly _tag: 'Info'; readonly message: unknown }
  | { readonly _tag: 'Out'; readonly event: string; readonly payload: unknown }
  | { readonly _tag: 'Stop'; readonly reason: StopReason }

export const channelProcess = (
  definition: ChannelDefinition,
  { topic, joinRef, ref }: Message,
  host: ChannelHost,
): ChannelProcess => {
  // Without a join_ref (version 1.0.0) the ref of the join names it (recording `connect_params.v1`).
  const ownJoinRef = joinRef ?? ref
  const handle = handlerOf(definition)
  let status: 'joining' | 'joined' | 'ending' | 'ended' = 'joining'

  const finish = (
    reason: TerminateReason,
    told?: typeof PHX_CLOSE | typeof PHX_ERROR,
    hasLastWord = status === 'joined',
  ): void => {
    if (status === 'ending' || status === 'ended') return
    status = 'ending'
    inbox.end()
    const settled = (): void => {
      status = 'ended'
      host.hub.leave(topic, subscriber)
      host.ended(view.channel, told)
      view.release() // last: whoever watches the signal, presence for one, speaks after phx_close
    }
    const failed = (error: unknown): void => {
      host.trace({ _tag: 'ChannelCrashed', topic, event: 'terminate', error })
      settled()
    }
    try {
      const pending: unknown = hasLastWord ? definition.terminate?.(reason, view.channel) : undefined
      if (isThenable(pending)) void pending.then(settled, failed)
      else settled()
    } catch (error) {
      failed(error)
    }
  }

  const crash = (error: unknown, event: string): void => {
    if (status === 'ending' || status === 'ended') return
    host.trace({ _tag: 'ChannelCrashed', topic, event, error })
    finish({ _tag: 'Crashed', error }, PHX_ERROR)
  }

  const stop = (reason: StopReason): void => {
    if (!isOrderly(reason)) host.trace({ _tag: 'ChannelCrashed', topic, event: 'stop', error: reason })
    finish({ _tag: 'Stopped', reason }, isOrderly(reason) ? PHX_CLOSE : PHX_ERROR)
  }

  const requestOf = ({ ref: pushRef, event }: Message): PushRequest => ({
    event,
    ref: pushRef,
    reply: (answer) => {
      const frame = host.serializer.reply(
        { joinRef: ownJoinRef, ref: pushRef, topic },
        answer.status,
        answer.response,
      )
      if (isLeft(frame)) crash(frame.left, event)
      else host.send(frame.right)
    },
  })

  const settle = (value: unknown, event: string, request?: PushRequest): void => {
    if (status !== 'joined') return
    const result = readResult(value)
    if (result === undefined || (result !== 'noreply' && result._tag === 'Reply' && !request)) {
      crash(new TypeError(nonsense(topic, event, value)), event)
      return
    }
    if (result === 'noreply') return
    const answer = result._tag === 'Reply' ? result : result.reply
    if (answer) request?.reply(answer)
    if (result._tag === 'Stop') stop(result.reason)
  }

  const handleItem = (item: Item): void | PromiseLike<void> => {
    switch (item._tag) {
      case 'Leave':
        requestOf({ topic, joinRef, ref: item.ref, event: 'phx_leave', payload: {} }).reply(leaveReply)
        finish({ _tag: 'Left' }, PHX_CLOSE)
        return
      case 'Stop':
        stop(item.reason)
        return
      case 'Push': {
        const request = requestOf(item.message)
        return attempt(item.message.event, () => handle.push(item.message, view.channel, request), request)
      }
      case 'Info':
        return attempt('handleInfo', () => handle.info(item.message, view.channel))
      case 'Out':
        return attempt(item.event, () => handle.out(item.event, item.payload, view.channel))
    }
  }

  const attempt = (event: string, run: () => unknown, request?: PushRequest): void | PromiseLike<void> => {
    try {
      const value = run()
      if (!isThenable(value)) {
        settle(value, event, request)
        return
      }
      return value.then(
        (settled) => {
          settle(settled, event, request)
        },
        (error: unknown) => {
          crash(error, event)
        },
      )
    } catch (error) {
      crash(error, event)
    }
  }

  const inbox = mailbox(handleItem, host.count)
  inbox.shut()
  const view = channelView({
    topic,
    joinRef: ownJoinRef,
    host,
    isJoined: () => status === 'joined' || status === 'ending',
    isOver: () => status === 'ended',
    crash,
    info: (message) => {
      inbox.post({ _tag: 'Info', message })
    },
    stop: (reason) => {
      inbox.post({ _tag: 'Stop', reason })
    },
    subscriber: (): Subscriber => subscriber,
  })
  const kill = (error: unknown): void => {
    finish({ _tag: 'Crashed', error }, PHX_ERROR, false)
  }
  const subscriber: Subscriber = {
    serializer: host.serializer,
    channel: view.channel,
    sendFrame: host.send,
    intercepts: handle.intercepts,
    out: (event, payload) => {
      inbox.post({ _tag: 'Out', event, payload })
    },
    info: (message) => {
      inbox.post({ _tag: 'Info', message })
    },
    kill,
  }

  return {
    topic,
    wireJoinRef: joinRef,
    view,
    join: (params) => runJoin(() => handle.join(params, view.channel, topic), topic, host),
    begin: () => {
      if (status !== 'joining') return
      status = 'joined'
      host.hub.join(topic, subscriber)
      inbox.open()
    },
    push: (message) => {
      inbox.post({ _tag: 'Push', message })
    },
    leave: (leaveRef) => {
      inbox.post({ _tag: 'Leave', ref: leaveRef })
    },
    end: (reason) => {
      finish(reason)
    },
  }
}

const leaveReply: ReplyResult = { _tag: 'Reply', status: 'ok', response: {} }
