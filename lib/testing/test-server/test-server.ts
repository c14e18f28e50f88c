import {
  type AnyContract,
  type AnyTopics,
  type ChannelContract,
  type ContractAt,
  type JoinParams,
  type JoinReply,
  type TopicContracts,
  type TopicOf,
  type UntypedTopic,
} from '../../channel/contract.ts'
import { ConnectionClosed, ConnectionRefused } from '../../protocol/connection-error.ts'
import { checked } from '../../protocol/checked.ts'
import { type FakePhoenix } from '../fake-phoenix.ts'
import { showValue } from '../show-value.ts'
import { type ExpectedJoin, expectedJoin } from './expected-join.ts'
import { serverCore } from './server-core.ts'
import { type TestPresence, testPresence } from './test-presence.ts'
import { type TestTopic, testTopic } from './test-topic.ts'

/** A server that a test controls, in the manner of Angular's `HttpTestingController`. */
export interface TestServer<T extends TopicContracts<T> = AnyTopics> extends FakePhoenix {
  /** The server's side of a topic: what it sends, and the pushes that wait for an answer. */
  topic<Topic extends TopicOf<T>>(topic: Topic): TestTopic<ContractAt<T, Topic>>
  /** The same for a server without contracts by topic. */
  topic<C extends ChannelContract = AnyContract>(topic: UntypedTopic<T>): TestTopic<C>
  /**
   * The next join of a topic, for the test to answer. Call it before the client joins: joins that no test expects are
   * accepted immediately, with the response `{}`.
   *
   * @param params - only a join with these params.
   */
  expectJoin<Topic extends TopicOf<T>>(
    topic: Topic,
    params?: unknown,
  ): ExpectedJoin<JoinParams<ContractAt<T, Topic>>, JoinReply<ContractAt<T, Topic>>>
  /** The same for a server without contracts by topic. */
  expectJoin(topic: UntypedTopic<T>, params?: unknown): ExpectedJoin
  /** Who is present on a topic. */
  presence(topic: TopicOf<T> | UntypedTopic<T>): TestPresence
  /** How many connections are open. */
  readonly connections: number
  /** Every connection is lost; the client connects again by its policy. Default: code 1006, as when the network fails. */
  drop(code?: number, reason?: string): void
  /** Further attempts to connect fail with `ConnectionRefused`, by default with status 503. Open connections stay. */
  refuseConnections(status?: number): void
  /** Attempts to connect succeed again. */
  acceptConnections(): void
  /**
   * Throws an Error if the client sent a push that no test expected, if a push that was expected has no answer, or if an
   * expected join never came or has no answer.
   *
   * @param options - `closed: true`: also if a topic is still joined or a connection still open. Default: false.
   */
  verify(options?: { readonly closed?: boolean }): void
}

/**
 * A server for unit tests: `transport` is for `phoenixSocket`, the rest is for the test. It opens connections, answers
 * heartbeats and leaves, and accepts joins, all synchronously; everything else it does when the test
 * asks for it. It has no timers, so whatever moves the clock of the client moves the test: the fake timers of Jest and Vitest,
 * Angular's `fakeAsync`, or the scheduler of a marble test.
 *
 * @typeParam T - contracts by topic, as for `phoenixSocket`.
 */
export const testServer = <T extends TopicContracts<T> = AnyTopics>(): TestServer<T> => {
  const core = serverCore()
  const topics: Map<string, TestTopic> = new Map()
  const presences: Map<string, TestPresence> = new Map()
  const once = <A>(all: Map<string, A>, topic: string, make: () => A): A => {
    checked(typeof topic === 'string' && topic !== '', 'topic', topic, 'pass a topic such as "room:lobby".')
    const made = all.get(topic) ?? make()
    all.set(topic, made)
    return made
  }
  const server: TestServer = {
    ...core.fake,
    topic: (topic: string) => once(topics, topic, () => testTopic(core, topic)),
    expectJoin: (topic: string, params?: unknown) => {
      checked(typeof topic === 'string' && topic !== '', 'topic', topic, 'pass a topic such as "room:lobby".')
      return expectedJoin(core, topic, params)
    },
    presence: (topic: string) => once(presences, topic, () => testPresence(core, topic)),
    get connections() {
      return core.connections.size
    },
    drop: (code = 1006, reason = '') => {
      core.cut(new ConnectionClosed({ code, reason, wasClean: code !== 1006 }))
    },
    refuseConnections: (status = 503) => {
      core.refusal = new ConnectionRefused({ status })
    },
    acceptConnections: () => {
      core.refusal = undefined
    },
    verify: ({ closed = false } = {}) => {
      const problems = [
        ...core.pushes
          .filter(({ expected }) => !expected)
          .map(({ message }) => `No test expected this push: ${showValue(message)}`),
        ...core.pushes
          .filter(({ expected, settled }) => expected && !settled)
          .map(
            ({ message }) =>
              `This push has no answer: ${showValue(message)}. Answer what expectPush returned, or call expectSend if the client does not wait for a reply.`,
          ),
        ...core.awaitedJoins.flatMap(({ received, topic }) => {
          if (!received)
            return `The client has not joined "${topic}" since expectJoin was called; call it before the client joins.`
          return received.settled ? [] : `This join has no answer: ${showValue(received.message)}`
        }),
        ...(closed ? core.joinedTopics.map((topic) => `The client has not left "${topic}".`) : []),
        ...(closed && core.connections.size > 0
          ? [`The client has not closed ${core.connections.size} of its connections.`]
          : []),
      ]
      if (problems.length > 0) throw core.failure(...problems)
    },
  }
  return server as TestServer<never> as unknown as TestServer<T>
}
