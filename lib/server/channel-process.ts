import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { PHX_LEAVE } from '../protocol/event.ts'
import { type ChannelDefinition, type PushRequest, type TerminateReason } from './channel-definition.ts'
import { type ChannelHost } from './channel-host.ts'
import { channelLife } from './channel-life.ts'
import { channelView, type ServerChannelView } from './channel-view.ts'
import { handlerOf } from './handler-of.ts'
import { type Subscriber } from './hub.ts'
import { heldDelay } from '../protocol/max-delay.ts'
import { mailbox } from './mailbox.ts'
import { ok, readResult, type StopReason } from './result.ts'
import { runHandler } from './run-handler.ts'
import { type JoinOutcome, nonsense, runJoin } from './run-join.ts'
import { named } from './trace.ts'
import { type WireMessage } from './wire-message.ts'

/** One join of one client: in Phoenix a separate process. */
export interface ChannelProcess {
  readonly topic: string
  /** The join_ref as the client sent it; null if it sent none. */
  readonly wireJoinRef: unknown
  readonly view: ServerChannelView
  join(params: unknown): JoinOutcome | PromiseLike<JoinOutcome>
  /** After the reply to the join has been sent: what waited is handled now. */
  begin(): void
  push(message: WireMessage): void
  leave(ref: unknown): void
  /** Ends it from outside; nothing is sent to the client. */
  end(reason: TerminateReason): void
}

type Item =
  | { readonly _tag: 'Push'; readonly message: WireMessage }
  | { readonly _tag: 'Leave'; readonly ref: unknown }
  | { readonly _tag: 'Info'; readonly message: unknown }
  | { readonly _tag: 'Out'; readonly event: string; readonly payload: unknown }
  | { readonly _tag: 'Stop'; readonly reason: StopReason }

export const channelProcess = (
  definition: ChannelDefinition,
  topic: string,
  { joinRef, ref }: WireMessage,
  host: ChannelHost,
  doubledBroadcasts: number,
): ChannelProcess => {
  let doubled = doubledBroadcasts
  // Without a join_ref the ref of the join names it (recordings `connect_params.v1`, `malformed_text`).
  const ownJoinRef = joinRef ?? ref
  const handler = handlerOf(definition)

  const life = channelLife({
    topic,
    trace: host.trace,
    ending: () => {
      inbox.end()
    },
    terminate: (reason) => definition.terminate?.(reason, view.channel),
    ended: (told) => {
      host.hub.leave(topic, subscriber)
      host.ended(view.channel, told)
      view.release() // last: listeners of the signal, such as presence, send after phx_close
    },
  })

  const requestOf = (event: string, pushRef: unknown): PushRequest => ({
    event,
    ref: pushRef,
    reply: (answer) => {
      const result = readResult(answer)
      // A crash and no exception, for the caller may be a timer of the user's own.
      if (typeof result !== 'object' || result._tag !== 'Reply') {
        life.crash(new TypeError(nonsense(topic, event, answer)), event)
        return
      }
      const { status, response } = result
      pipe(
        host.serializer.reply({ joinRef: ownJoinRef, ref: pushRef, topic }, status, response),
        E.match((error) => {
          life.crash(error, event)
        }, host.send),
      )
    },
  })

  const leave = (leaveRef: unknown): void | PromiseLike<void> => {
    const fault = host.faults.leave(topic)
    const leaveNow = (): void => {
      if (fault !== 'unanswered') requestOf(PHX_LEAVE, leaveRef).reply(ok())
      life.leave()
    }
    if (typeof fault === 'string') {
      leaveNow()
      return
    }
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        leaveNow()
        resolve()
      }, heldDelay(fault.delayMs))
      view.channel.signal.addEventListener('abort', () => {
        clearTimeout(late)
        resolve()
      })
    })
  }

  const handle = (item: Item): void | PromiseLike<void> => {
    switch (item._tag) {
      case 'Leave':
        return leave(item.ref)
      case 'Stop':
        life.stop(item.reason)
        return
      case 'Push': {
        const { event, ref: pushRef, payload } = item.message
        const name = named(event)
        if (event === undefined) {
          life.crash(new TypeError('the name of the event is not UTF-8.'), name)
          return
        }
        const request = requestOf(name, pushRef)
        // An event that is not a string is passed on like any other: only a handler of all events can take it.
        const run = (): unknown => handler.push(event as string, payload, view.channel, request)
        return runHandler(topic, life, name, run, request)
      }
      case 'Info':
        return runHandler(topic, life, 'handleInfo', () => handler.info(item.message, view.channel))
      case 'Out':
        return runHandler(topic, life, item.event, () => handler.out(item.event, item.payload, view.channel))
    }
  }
  const inbox = mailbox(handle, host.count)
  inbox.shut()

  const info = (message: unknown): void => {
    inbox.post({ _tag: 'Info', message })
  }
  const view = channelView({
    topic,
    joinRef: ownJoinRef,
    host,
    life,
    info,
    stop: (reason) => {
      inbox.post({ _tag: 'Stop', reason })
    },
    subscriber: (): Subscriber => subscriber,
  })
  const subscriber: Subscriber = {
    serializer: host.serializer,
    channel: view.channel,
    sendFrame: (frame) => {
      host.send(frame)
      if (doubled < 1) return
      doubled -= 1
      host.send(frame)
    },
    intercepts: handler.intercepts,
    out: (event, payload) => {
      inbox.post({ _tag: 'Out', event, payload })
    },
    info,
    kill: life.kill,
  }

  return {
    topic,
    wireJoinRef: joinRef,
    view,
    join: (params) => runJoin(() => handler.join(params, view.channel, topic), topic, host),
    begin: () => {
      if (!life.begin()) return
      host.hub.join(topic, subscriber)
      inbox.open()
    },
    push: (message) => {
      inbox.post({ _tag: 'Push', message })
    },
    leave: (leaveRef) => {
      inbox.post({ _tag: 'Leave', ref: leaveRef })
    },
    end: life.end,
  }
}
