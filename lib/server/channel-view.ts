import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type ServerChannel } from './channel-definition.ts'
import { type ChannelLife } from './channel-life.ts'
import { type ChannelHost } from './channel-host.ts'
import { type Subscriber } from './hub.ts'
import { heldDelay } from '../protocol/max-delay.ts'
import { type StopReason } from './result.ts'

/** What the functions of a channel get, and the means to take it all back. */
export interface ServerChannelView {
  readonly channel: ServerChannel
  /** Clears timers and subscriptions and aborts the signal. */
  release(): void
}

interface Inside {
  readonly topic: string
  readonly joinRef: unknown
  readonly host: ChannelHost
  readonly life: Pick<ChannelLife, 'status' | 'crash'>
  readonly info: (message: unknown) => void
  readonly stop: (reason: StopReason) => void
  readonly subscriber: () => Subscriber
}

export const channelView = (inside: Inside): ServerChannelView => {
  const { topic, joinRef, host, life, info } = inside
  const isOver = (): boolean => life.status() === 'ended'
  const timers: Set<NodeJS.Timeout> = new Set()
  const listening: Set<string> = new Set()
  const forwards: Set<() => void> = new Set()
  let abort: AbortController | undefined

  /** What cannot be sent crashes the channel and is not thrown, for the caller may be a timer of the user's own. */
  const sending = (event: string, send: () => void): void => {
    if (typeof event !== 'string' || event === '')
      throw new InvalidArgument('event', event, 'pass the name of an event.')
    if (isOver()) return
    if (life.status() === 'joining')
      throw new Error(
        `"${topic}" is not joined until its join has returned; use channel.send and handleInfo.`,
      )
    try {
      send()
    } catch (error) {
      life.crash(error, event)
    }
  }

  const channel: ServerChannel = {
    topic,
    joinRef,
    socket: host.socket,
    endpoint: host.hub.endpoint,
    assigns: { ...host.socket.assigns },
    get signal() {
      abort ??= new AbortController()
      if (isOver()) abort.abort()
      return abort.signal
    },
    push: (event, payload = {}) => {
      sending(event, () => {
        pipe(
          host.serializer.message({ topic, event, payload, ref: null, joinRef }),
          E.match((error) => {
            life.crash(error, event)
          }, host.send),
        )
      })
    },
    broadcast: (event, payload = {}) => {
      sending(event, () => {
        host.hub.broadcast(topic, event, payload)
      })
    },
    broadcastFrom: (event, payload = {}) => {
      sending(event, () => {
        host.hub.broadcast(topic, event, payload, inside.subscriber())
      })
    },
    send: info,
    sendAfter: (message, delayMs) => {
      if (!(delayMs >= 0)) throw new InvalidArgument('delayMs', delayMs, 'pass milliseconds, 0 or more.')
      const timer = setTimeout(() => {
        timers.delete(timer)
        info(message)
      }, heldDelay(delayMs))
      if (isOver()) clearTimeout(timer)
      else timers.add(timer)
      return () => {
        clearTimeout(timer)
        timers.delete(timer)
      }
    },
    subscribe: (other) => {
      if (other === topic || isOver()) return
      listening.add(other)
      host.hub.listen(other, inside.subscriber())
    },
    forward: (other) => {
      if (typeof other !== 'string' || other === '')
        throw new InvalidArgument('topic', other, 'pass the name of a topic.')
      if (isOver()) return () => undefined
      const end = host.hub.forward(other, { serializer: host.serializer, sendFrame: host.send })
      forwards.add(end)
      return () => {
        forwards.delete(end)
        end()
      }
    },
    drained: host.drained,
    stop: (reason = 'shutdown') => {
      inside.stop(reason)
    },
  }

  return {
    channel,
    release: () => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      for (const other of listening) host.hub.unlisten(other, inside.subscriber())
      listening.clear()
      for (const end of forwards) end()
      forwards.clear()
      abort?.abort()
    },
  }
}
