import { isDeepStrictEqual } from 'node:util'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { HEARTBEAT, PHOENIX_TOPIC, PHX_JOIN, PHX_LEAVE } from '../protocol/event.ts'
import { type Frame } from '../protocol/message.ts'
import { type ChannelDefinition } from './channel-definition.ts'
import { type ChannelFaults, type ChannelHost } from './channel-host.ts'
import { type Told } from './channel-life.ts'
import { type ChannelProcess } from './channel-process.ts'
import { flowControl } from './flow-control.ts'
import { framesFor } from './frames.ts'
import { type Hub } from './hub.ts'
import { joiner } from './joiner.ts'
import { type Link } from './link.ts'
import { mailbox } from './mailbox.ts'
import { heldDelay } from '../protocol/max-delay.ts'
import { outbox } from './outbox.ts'
import { type OutFrame, type ServerSerializer } from './server-serializer.ts'
import { type ServerSocket } from './server-socket.ts'
import { nextTurn } from './next-turn.ts'
import { named, shown, type Trace } from './trace.ts'
import { type WireMessage } from './wire-message.ts'

/** One connection: in Phoenix the transport process, with the channels that live on it. */
export interface SocketProcess {
  readonly socket: ServerSocket
  readonly topics: () => readonly string[]
  /** False once it is closing, even before the client has been informed. */
  readonly isLive: () => boolean
  readonly receive: (frame: Frame) => void
  /** Resolves when all that was received has been handled, joins included. */
  readonly settled: () => Promise<void>
  readonly close: (code: number) => void
  readonly kill: () => void
  /** Neither receives nor sends anything for a time in milliseconds. */
  readonly freeze: (forMs: number) => void
  /** The link has ended; whatever lives here ends too. */
  readonly ended: () => void
  /** Closes with 1012 and resolves when the link is gone; a client that does not answer is cut. */
  readonly shutdown: () => Promise<void>
}

export interface SocketProcessOptions {
  readonly path: string
  readonly socket: ServerSocket
  readonly serializer: ServerSerializer
  readonly hub: Hub
  readonly trace: Trace
  readonly channelFor: (topic: string) => ChannelDefinition | undefined
  readonly faults: ChannelFaults
  readonly maxChannels: number
  readonly maxBufferedBytes: number
  readonly link: Link
}

/** The time that clients have to answer the close frame of a server that ends, in milliseconds. */
const SHUTDOWN_MS = 200

export const socketProcess = (options: SocketProcessOptions): SocketProcess => {
  const { path, socket, serializer, hub, trace, faults, maxBufferedBytes, link } = options
  const channels: Map<string, ChannelProcess> = new Map()
  const frames = framesFor(serializer, trace)
  const flow = flowControl(link)
  const gone = deferred()
  let live = true
  let thawing: NodeJS.Timeout | undefined

  const overflow = (bufferedBytes: number): void => {
    trace({ _tag: 'SlowConsumer', path, bufferedBytes })
    kill()
  }
  const out = outbox({ link, maxBufferedBytes, overflow, sent: flow.sent })
  const sendAll = (all: readonly OutFrame[]): void => {
    all.forEach(out.send)
  }

  const host: ChannelHost = {
    socket,
    serializer,
    hub,
    trace,
    faults,
    send: out.send,
    drained: () => link.drained(),
    count: flow.count,
    ended: (channel, told) => {
      const process = channels.get(channel.topic)
      if (process?.view.channel === channel) nextTurn(bury, process, told)
    },
  }
  const joins = joiner({ ...options, channels, host, frames, out })

  /**
   * As in Phoenix, the connection learns a moment late that a channel is gone. What the client sent right behind its leave, or
   * behind the push that crashed the channel, reaches a dead process, and is not answered (recording
   * `push_after_leave`). A join that arrived in between has replaced the channel and sent the `phx_close` itself.
   */
  const bury = (process: ChannelProcess, told: Told): void => {
    if (channels.get(process.topic) !== process) return
    channels.delete(process.topic)
    if (told) sendAll(frames.ended(process, told))
  }

  const dispatch = (message: WireMessage): void | PromiseLike<void> => {
    const { topic, event, ref } = message
    if (topic === PHOENIX_TOPIC && event === HEARTBEAT) {
      sendAll(frames.heartbeat(message))
      return
    }
    const known = typeof topic === 'string'
    if (known && event === PHX_JOIN) return joins.join(topic, message)
    const process = known ? channels.get(topic) : undefined
    // A leave of a topic that is not joined is answered, since the channel may just have ended by itself.
    if (!process) sendAll(event === PHX_LEAVE ? frames.left(message) : frames.unmatched(message))
    else if (!isCurrent(process, message))
      trace({ _tag: 'StaleMessage', topic: process.topic, event: named(event) })
    else if (event === PHX_LEAVE) process.leave(ref)
    else process.push(message)
  }

  const handle = (frame: Frame): void | PromiseLike<void> =>
    pipe(
      serializer.decode(frame),
      E.match((error) => {
        trace({ _tag: 'MalformedFrame', path, frame: shown(frame), error })
        close(1011)
      }, dispatch),
    )
  const inbox = mailbox(handle, flow.count)

  /** The process dies, and its channels with it, without a message for them. */
  const end = (): void => {
    if (!live) return
    live = false
    clearTimeout(thawing)
    inbox.end()
    out.end()
    joins.end()
    const ending = [...channels.values()]
    channels.clear()
    for (const process of ending) process.end({ _tag: 'Closed' })
  }

  const close = (code: number): void => {
    if (!live) return
    end()
    link.close(code)
  }

  const kill = (): void => {
    end()
    link.kill()
  }

  return {
    socket,
    topics: () => [...channels.keys()],
    isLive: () => live,
    receive: inbox.post,
    settled: inbox.settled,
    close,
    kill,
    freeze: (forMs) => {
      if (!live) return
      if (thawing === undefined) out.hold()
      clearTimeout(thawing)
      inbox.shut()
      thawing = setTimeout(() => {
        thawing = undefined
        out.release()
        inbox.open()
      }, heldDelay(forMs))
    },
    ended: () => {
      end()
      gone.resolve()
    },
    shutdown: async () => {
      const cut = setTimeout(link.kill, SHUTDOWN_MS)
      close(1012)
      await gone.promise
      clearTimeout(cut)
    },
  }
}

/**
 * A message belongs to a join if their join_refs agree, or if it has none itself (recordings `join_duplicate`,
 * `malformed_text`).
 */
const isCurrent = ({ wireJoinRef }: ChannelProcess, { joinRef }: WireMessage): boolean =>
  joinRef === null || joinRef === wireJoinRef || isDeepStrictEqual(joinRef, wireJoinRef)

const deferred = (): { readonly promise: Promise<void>; readonly resolve: () => void } => {
  let resolve = (): void => undefined
  const promise: Promise<void> = new Promise((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
