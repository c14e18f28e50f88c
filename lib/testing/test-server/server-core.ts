import { EMPTY, finalize, merge, of, Subject, throwError } from 'rxjs'
import { type ConnectionError } from '../../protocol/connection-error.ts'
import { PHOENIX_TOPIC, PHX_JOIN, PHX_LEAVE } from '../../protocol/event.ts'
import { type Message } from '../../protocol/message.ts'
import { type FakePhoenix, fakePhoenix } from '../fake-phoenix.ts'
import { closed, okTo, unmatchedTo } from '../messages.ts'
import { sameValue } from '../same-value.ts'
import { showValue } from '../show-value.ts'

/** A message of the client that the test may answer, and the connection it came over. */
export interface Received {
  readonly message: Message
  readonly link: number
  /** Joins: what `expectJoin` prepared. Pushes: whether the test has asked for it. */
  expected: boolean
  /** It was answered, or nobody waits for an answer any more. */
  settled: boolean
}

/** A join that the test wants to answer itself. */
export interface AwaitedJoin {
  readonly topic: string
  readonly params: unknown
  /** Once the client has sent it. */
  received: Received | undefined
  /** What the test decided before the join was sent. */
  answer: ((join: Received) => void) | undefined
}

/** What the parts of a test server share: its connections, its joins, and the pushes that wait for the test. */
export interface ServerCore {
  readonly fake: FakePhoenix
  readonly connections: ReadonlyMap<number, unknown>
  readonly pushes: readonly Received[]
  readonly awaitedJoins: AwaitedJoin[]
  /** The join of a topic, if it is joined. */
  joinOf(topic: string): Received | undefined
  readonly joinedTopics: readonly string[]
  /** Whether the client still has the connection and the join that a message belongs to. */
  isCurrent(received: Received): boolean
  accept(join: Received, response: unknown): void
  /** Called after each join of the topic that was accepted. */
  whenJoined(topic: string, listener: () => void): void
  /** The topic has come to its end on the server: nothing that was sent on it waits any longer. */
  forget(topic: string): void
  say(link: number, message: Message): void
  /** Ends all connections. */
  cut(cause: ConnectionError): void
  /** What further attempts to connect fail with; undefined: they succeed. */
  refusal: ConnectionError | undefined
  /** An Error that shows the frames so far below its lines. */
  failure(...lines: readonly string[]): Error
}

const MOST_FRAMES = 30

/** Accepts connections, answers heartbeats, joins and leaves immediately, and keeps pushes for the test. */
export const serverCore = (): ServerCore => {
  const links: Map<number, Subject<Message>> = new Map()
  const joins: Map<string, Received> = new Map()
  const listeners: Map<string, (() => void)[]> = new Map()
  const pushes: Received[] = []
  const frames: string[] = []

  const receive = (message: Message, link: number): void => {
    const { event, topic } = message
    if (topic === PHOENIX_TOPIC) {
      core.say(link, okTo(message))
      return
    }
    frames.push(`→ ${showValue(message)}`)
    const received: Received = { message, link, expected: false, settled: false }
    if (event === PHX_JOIN) receiveJoin(received)
    else if (event === PHX_LEAVE) {
      core.forget(topic)
      core.say(link, okTo(message))
      core.say(link, closed(topic, message.joinRef ?? ''))
    } else if (joins.has(topic)) pushes.push(received)
    else core.say(link, unmatchedTo(message))
  }

  const receiveJoin = (received: Received): void => {
    const { topic, payload } = received.message
    const awaited = core.awaitedJoins.find(
      (each) =>
        each.received === undefined &&
        each.topic === topic &&
        (each.params === undefined || sameValue(payload, each.params)),
    )
    core.forget(topic)
    if (!awaited) {
      core.accept(received, {})
      return
    }
    received.expected = true
    awaited.received = received
    awaited.answer?.(received)
  }

  const endLink = (link: number): void => {
    links.delete(link)
    for (const [topic, join] of joins) if (join.link === link) core.forget(topic)
    for (const { received } of core.awaitedJoins) if (received?.link === link) received.settled = true
  }

  const core: ServerCore = {
    connections: links,
    pushes,
    awaitedJoins: [],
    refusal: undefined,
    fake: fakePhoenix({
      link: (index) => {
        const { refusal } = core
        if (refusal) return throwError(() => refusal)
        const said$ = new Subject<Message>()
        links.set(index, said$)
        // In this order, since the client sends, and is answered, as soon as the link opens.
        return merge(said$, of('open' as const)).pipe(
          finalize(() => {
            endLink(index)
          }),
        )
      },
      answer: (message, index) => {
        receive(message, index)
        return EMPTY
      },
    }),
    joinOf: (topic) => joins.get(topic),
    get joinedTopics() {
      return [...joins.keys()]
    },
    isCurrent: ({ message, link }) =>
      links.has(link) &&
      (message.event === PHX_JOIN || joins.get(message.topic)?.message.joinRef === message.joinRef),
    accept: (join, response) => {
      const { topic } = join.message
      joins.set(topic, join)
      core.say(join.link, okTo(join.message, response))
      for (const listener of listeners.get(topic) ?? []) listener()
    },
    whenJoined: (topic, listener) => {
      listeners.set(topic, [...(listeners.get(topic) ?? []), listener])
    },
    forget: (topic) => {
      joins.delete(topic)
      const all = [...pushes, ...core.awaitedJoins.flatMap(({ received }) => received ?? [])]
      for (const each of all) if (each.message.topic === topic) each.settled = true
    },
    say: (link, message) => {
      if (message.topic !== PHOENIX_TOPIC) frames.push(`← ${showValue(message)}`)
      links.get(link)?.next(message)
    },
    cut: (cause) => {
      frames.push(`← ${cause.message}`)
      for (const said$ of [...links.values()]) said$.error(cause)
    },
    failure: (...lines) => {
      const left = frames.length - MOST_FRAMES
      const shown = frames.slice(-MOST_FRAMES).map((frame) => `  ${frame}`)
      return new Error(
        [
          ...lines,
          frames.length === 0 ? 'No frames so far.' : 'Frames so far (→ client, ← server):',
          ...(left > 0 ? [`  (${left} earlier frames)`] : []),
          ...shown,
        ].join('\n'),
      )
    },
  }
  return core
}
