import {
  type AnyContract,
  type ChannelContract,
  type EventName,
  type EventPayload,
  type JoinParams,
  type PushName,
  type PushPayload,
  type PushReply,
} from '../../channel/contract.ts'
import { closed, crashed, pushed } from '../messages.ts'
import { sameValue } from '../same-value.ts'
import { showValue } from '../show-value.ts'
import { type ExpectedPush, expectedPush } from './expected-push.ts'
import { type Received, type ServerCore } from './server-core.ts'

/** The server's side of one topic. */
export interface TestTopic<C extends ChannelContract = AnyContract> {
  /** Whether the client is joined. */
  readonly joined: boolean
  /** The params of the current join; undefined while the topic is not joined. */
  readonly params: JoinParams<C> | undefined
  /** Sends an event to the client. Throws an Error if the topic is not joined, since nobody would receive it. */
  say<E extends EventName<C>>(
    event: E,
    ...payload: undefined extends EventPayload<C, E>
      ? [payload?: EventPayload<C, E>]
      : [payload: EventPayload<C, E>]
  ): void
  /**
   * The oldest push of this event that was not expected yet. Throws an Error if there is no such push. `verify` requires an answer.
   *
   * @param payload - only a push with this payload; matchers such as `expect.objectContaining(…)` work.
   */
  expectPush<E extends PushName<C>>(
    event: E,
    payload?: unknown,
  ): ExpectedPush<PushPayload<C, E>, PushReply<C, E>>
  /** The same for what the client sends without waiting for a reply (`channel.send`). Gives the payload. */
  expectSend<E extends PushName<C>>(event: E, payload?: unknown): PushPayload<C, E>
  /** The channel crashes: its pushes fail with `ChannelCrashed`, and the client joins again by its policy. */
  crash(): void
  /** The server closes the channel: the streams of the client complete. */
  close(): void
}

export const testTopic = (core: ServerCore, topic: string): TestTopic => {
  const joinFor = (purpose: string): Received => {
    const join = core.joinOf(topic)
    if (join) return join
    const others = core.joinedTopics.map((each) => `"${each}"`).join(', ')
    throw core.failure(
      `"${topic}" cannot ${purpose}: the client has not joined it. Joined: ${others === '' ? 'nothing' : others}.`,
    )
  }
  const take = (call: string, event: string, payload: unknown): Received => {
    const waiting = core.pushes.filter(({ expected }) => !expected)
    const found = waiting.find(
      ({ message }) =>
        message.topic === topic &&
        message.event === event &&
        (payload === undefined || sameValue(message.payload, payload)),
    )
    if (!found) {
      const wanted = payload === undefined ? '' : ` with the payload ${showValue(payload)}`
      throw core.failure(
        `${call}: "${topic}" has no push "${event}"${wanted}.`,
        waiting.length === 0
          ? 'The client has pushed nothing else that was not expected before.'
          : `Not expected yet: ${waiting.map(({ message }) => showValue(message)).join(', ')}`,
      )
    }
    found.expected = true
    return found
  }
  const end = (purpose: string, frame: typeof crashed): void => {
    const { message, link } = joinFor(purpose)
    core.forget(topic)
    core.say(link, frame(topic, joinRefOf(message)))
  }
  return {
    get joined() {
      return core.joinOf(topic) !== undefined
    },
    get params() {
      return core.joinOf(topic)?.message.payload
    },
    say: (event: string, payload: unknown = {}) => {
      const { message, link } = joinFor(`say "${event}"`)
      core.say(link, pushed(topic, joinRefOf(message), event, payload))
    },
    expectPush: (event, payload) => expectedPush(core, take('expectPush', event, payload)),
    expectSend: (event, payload) => {
      const received = take('expectSend', event, payload)
      received.settled = true
      return received.message.payload
    },
    crash: () => {
      end('crash', crashed)
    },
    close: () => {
      end('close', closed)
    },
  }
}

/** A client of version 1.0.0 may leave the join_ref out; it is the ref of the join. */
const joinRefOf = ({ joinRef, ref }: Received['message']): string => joinRef ?? ref ?? ''
