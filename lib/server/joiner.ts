import { PHX_CLOSE } from '../protocol/event.ts'
import { type ChannelDefinition } from './channel-definition.ts'
import { type ChannelHost } from './channel-host.ts'
import { channelProcess, type ChannelProcess } from './channel-process.ts'
import { type JoinOutcome } from './run-join.ts'
import { type Frames } from './frames.ts'
import { isThenable } from './mailbox.ts'
import { heldDelay } from '../protocol/max-delay.ts'
import { type Outbox } from './outbox.ts'
import { type WireMessage } from './wire-message.ts'

/** Runs the joins of one connection. */
export interface Joiner {
  /** Holds up the connection for as long as it takes. */
  join(topic: string, message: WireMessage): void | PromiseLike<void>
  /** The connection is over: a join that runs is called off. */
  end(): void
}

interface JoinerOptions {
  readonly channels: Map<string, ChannelProcess>
  readonly host: ChannelHost
  readonly frames: Frames
  readonly out: Outbox
  readonly channelFor: (topic: string) => ChannelDefinition | undefined
  readonly maxChannels: number
}

export const joiner = (options: JoinerOptions): Joiner => {
  const { channels, host, frames, out, channelFor, maxChannels } = options
  let running: ChannelProcess | undefined
  let delaying: NodeJS.Timeout | undefined

  const join: Joiner['join'] = (topic, message) => {
    const replaced = channels.get(topic)
    channels.delete(topic)
    replaced?.end({ _tag: 'Replaced' })
    // The old join's phx_close comes after the reply to the new one: Phoenix.Socket sends it to itself meanwhile.
    const closed = replaced ? frames.ended(replaced, PHX_CLOSE) : []
    const definition = channelFor(topic)
    if (channels.size >= maxChannels || !definition) {
      if (!definition) host.trace({ _tag: 'UnmatchedTopic', topic })
      const refusal = definition ? frames.tooMany(message) : frames.unmatched(message)
      ;[...refusal, ...closed].forEach(out.send)
      return
    }
    const doubled = replaced ? host.faults.doubledBroadcasts(topic) : 0
    running = channelProcess(definition, topic, message, host, doubled)
    const process = running
    const outcome = delayed(host.faults.joinDelayMs(topic), () => process.join(message.payload))
    if (!isThenable(outcome)) {
      for (const frame of [...settle(process, message, outcome), ...closed]) out.send(frame)
      begin(process)
      return
    }
    out.hold()
    return outcome.then((settled) => {
      if (running !== process) return
      out.release([...settle(process, message, settled), ...closed])
      begin(process)
    })
  }

  const delayed = <T>(delayMs: number, run: () => T | PromiseLike<T>): T | PromiseLike<T> =>
    delayMs > 0
      ? new Promise<void>((resolve) => {
          delaying = setTimeout(resolve, heldDelay(delayMs))
        }).then(run)
      : run()

  const settle = (
    process: ChannelProcess,
    message: WireMessage,
    outcome: JoinOutcome,
  ): ReturnType<Frames['joined']> => {
    running = undefined
    const reply = frames.joined(message, outcome)
    // A reply that cannot be encoded crashes its join, as that of a push crashes its channel: the client must be answered.
    if (reply.length === 0) {
      process.end({ _tag: 'Left' })
      return frames.joined(message, { _tag: 'JoinCrashed' })
    }
    if (outcome._tag === 'Joined') channels.set(process.topic, process)
    else process.end({ _tag: 'Left' })
    return reply
  }

  const begin = (process: ChannelProcess): void => {
    const { topic } = process
    if (channels.get(topic) !== process) return
    host.trace({ _tag: 'Joined', topic })
    process.begin()
  }

  return {
    join,
    end: () => {
      clearTimeout(delaying)
      const called = running
      running = undefined
      called?.end({ _tag: 'Closed' })
    },
  }
}
