import { isLeft } from 'fp-ts/Either'
import { HEARTBEAT, PHOENIX_TOPIC, PHX_CLOSE, PHX_ERROR, PHX_JOIN, PHX_LEAVE } from '../protocol/event.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { type ChannelDefinition, type TerminateReason } from './channel-definition.ts'
import { type ChannelHost } from './channel-host.ts'
import { channelProcess, type ChannelProcess, type JoinOutcome } from './channel-process.ts'
import { flowControl } from './flow-control.ts'
import { type Hub } from './hub.ts'
import { type Link } from './link.ts'
import { isThenable, mailbox } from './mailbox.ts'
import { type OutFrame, type ServerSerializer } from './server-serializer.ts'
import { type ServerSocket } from './server-socket.ts'
import { shown, type Trace } from './trace.ts'

/** One connection: in Phoenix the transport process, with the channels that live on it. */
export interface SocketProcess {
  readonly socket: ServerSocket
  readonly topics: () => readonly string[]
  readonly channel: (topic: string) => ChannelProcess | undefined
  receive(frame: Frame): void
  close(code: number): void
  kill(): void
  /** Takes nothing in and lets nothing out for a time in milliseconds. */
  freeze(forMs: number): void
  /** The link has ended; whatever lives here ends too. */
  ended(): void
  /** Closes with 1012 and resolves when the link is gone; a client that does not answer is cut. */
  shutdown(): Promise<void>
}

export interface SocketProcessOptions {
  readonly path: string
  readonly socket: ServerSocket
  readonly serializer: ServerSerializer
  readonly hub: Hub
  readonly trace: Trace
  readonly channelFor: (topic: string) => ChannelDefinition | undefined
  readonly maxChannels: number
  readonly maxBufferedBytes: number
  readonly link: Link
}

/** The time that clients have to answer the close frame of a server that ends, in milliseconds. */
const SHUTDOWN_MS = 200

export const socketProcess = (options: SocketProcessOptions): SocketProcess => {
  const { path, socket, serializer, hub, trace, channelFor, maxChannels, maxBufferedBytes, link } = options
  const channels = new Map<string, ChannelProcess>()
  const flow = flowControl(link)
  const gone = deferred()
  let live = true
  let frozen = false
  let thawing: NodeJS.Timeout | undefined
  /** While a join runs, or while frozen, nothing leaves: in Phoenix the transport process is busy with the join. */
  let held: OutFrame[] | undefined
  let heldBytes = 0

  const send = (frame: OutFrame): void => {
    if (!live) return
    if (held) {
      held.push(frame)
      heldBytes += frame.bytes.byteLength
    } else {
      link.send(frame)
      flow.sent()
    }
    const bufferedBytes = heldBytes + link.bufferedBytes()
    if (bufferedBytes <= maxBufferedBytes) return
    trace({ _tag: 'SlowConsumer', path, bufferedBytes })
    kill()
  }
  const hold = (): void => {
    held ??= []
  }
  const letGo = (): void => {
    if (frozen) return
    const frames = held
    held = undefined
    heldBytes = 0
    frames?.forEach(send)
  }

  const sendReply = (
    header: Pick<Message, 'joinRef' | 'ref' | 'topic'>,
    status: string,
    response: unknown,
  ): void => {
    const frame = serializer.reply(header, status, response)
    if (isLeft(frame))
      trace({ _tag: 'NotEncodable', topic: header.topic, event: 'phx_reply', error: frame.left })
    else send(frame.right)
  }

  const host: ChannelHost = {
    socket,
    serializer,
    hub,
    trace,
    send,
    drained: () => link.drained(),
    count: flow.count,
    ended: (channel, told) => {
      const ended = channels.get(channel.topic)
      if (ended?.view.channel !== channel) return
      channels.delete(channel.topic)
      if (told) sendEnd(ended, told)
    },
  }

  /** `phx_close` and `phx_error` carry the join_ref of the join twice (recordings `leave`, `channel_crash`). */
  const sendEnd = ({ topic, wireJoinRef }: ChannelProcess, event: string): void => {
    const payload = event === PHX_ERROR ? { reason: 'channel_crash' } : {}
    const frame = serializer.message({ topic, event, payload, ref: wireJoinRef, joinRef: wireJoinRef })
    if (!isLeft(frame)) send(frame.right)
  }

  const unmatched = ({ topic, ref }: Message): void => {
    sendReply({ joinRef: null, ref, topic }, 'error', { reason: 'unmatched topic' })
  }

  const join = (message: Message): void | PromiseLike<void> => {
    const { topic } = message
    const replaced = channels.get(topic)
    channels.delete(topic)
    replaced?.end({ _tag: 'Replaced' })
    // The old join's phx_close comes after the reply to the new one (Phoenix.Socket sends it to itself meanwhile).
    const closeReplaced = (): void => {
      if (replaced) sendEnd(replaced, PHX_CLOSE)
    }
    if (channels.size >= maxChannels) {
      sendReply(message, 'error', { reason: 'too many channels joined' })
      return
    }
    const definition = channelFor(topic)
    if (!definition) {
      trace({ _tag: 'UnmatchedTopic', topic })
      unmatched(message)
      closeReplaced()
      return
    }
    const process = channelProcess(definition, message, host)
    const joined = (outcome: JoinOutcome): void => {
      answerJoin(process, message, outcome, closeReplaced)
    }
    const outcome = process.join(message.payload)
    if (!isThenable(outcome)) {
      joined(outcome)
      return
    }
    hold()
    return outcome.then(joined)
  }

  const answerJoin = (
    process: ChannelProcess,
    message: Message,
    outcome: JoinOutcome,
    closeReplaced: () => void,
  ): void => {
    if (!live) {
      process.end({ _tag: 'Closed' })
      return
    }
    const rest = held
    held = frozen ? [] : undefined
    heldBytes = 0
    if (outcome._tag === 'Joined') channels.set(message.topic, process)
    else process.end({ _tag: 'Left' })
    sendReply(message, outcome._tag === 'Joined' ? 'ok' : 'error', responseOf(outcome))
    closeReplaced()
    rest?.forEach(send)
    if (outcome._tag !== 'Joined') return
    trace({ _tag: 'Joined', topic: message.topic })
    process.begin()
  }

  const leave = (message: Message, process: ChannelProcess | undefined): void => {
    if (!process) sendReply(message, 'ok', {})
    else if (isCurrent(process, message)) process.leave(message.ref)
    else trace({ _tag: 'StaleMessage', topic: message.topic, event: message.event })
  }

  const dispatch = (message: Message): void | PromiseLike<void> => {
    const { topic, event, ref } = message
    if (topic === PHOENIX_TOPIC && event === HEARTBEAT) {
      sendReply({ joinRef: null, ref, topic }, 'ok', {})
      return
    }
    if (event === PHX_JOIN) return join(message)
    const process = channels.get(topic)
    if (event === PHX_LEAVE) leave(message, process)
    else if (!process) unmatched(message)
    else if (isCurrent(process, message)) process.push(message)
    else trace({ _tag: 'StaleMessage', topic, event })
  }

  const handle = (frame: Frame): void | PromiseLike<void> => {
    const decoded = serializer.decode(frame)
    if (!isLeft(decoded)) return dispatch(decoded.right)
    trace({ _tag: 'MalformedFrame', path, frame: shown(frame), error: decoded.left })
    close(1011)
  }

  const inbox = mailbox(handle, flow.count)

  const endAll = (reason: TerminateReason): void => {
    live = false
    clearTimeout(thawing)
    inbox.end()
    held = undefined
    const ending = [...channels.values()]
    channels.clear()
    for (const process of ending) process.end(reason)
  }

  const close = (code: number): void => {
    if (!live) return
    endAll({ _tag: 'Closed' })
    link.close(code)
  }

  const thaw = (): void => {
    frozen = false
    letGo()
    inbox.open()
  }

  const kill = (): void => {
    if (live) endAll({ _tag: 'Closed' })
    link.kill()
  }

  return {
    socket,
    topics: () => [...channels.keys()],
    channel: (topic) => channels.get(topic),
    receive: (frame) => {
      inbox.post(frame)
    },
    close,
    kill,
    freeze: (forMs) => {
      if (!live) return
      clearTimeout(thawing)
      frozen = true
      hold()
      inbox.shut()
      thawing = setTimeout(thaw, forMs)
    },
    ended: () => {
      if (live) endAll({ _tag: 'Closed' })
      gone.resolve()
    },
    shutdown: () => {
      close(1012)
      const cut = setTimeout(() => {
        link.kill()
      }, SHUTDOWN_MS)
      return gone.promise.then(() => {
        clearTimeout(cut)
      })
    },
  }
}

/** A message belongs to a join if their join_refs agree; a join without one (version 1.0.0) takes everything. */
const isCurrent = ({ wireJoinRef }: ChannelProcess, { joinRef }: Message): boolean =>
  wireJoinRef === null || wireJoinRef === joinRef

const responseOf = (outcome: JoinOutcome): unknown =>
  outcome._tag === 'JoinCrashed' ? { reason: 'join crashed' } : outcome.response

const deferred = (): { readonly promise: Promise<void>; readonly resolve: () => void } => {
  let resolve = (): void => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
