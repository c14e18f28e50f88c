import { errorTo } from '../messages.ts'
import { type AwaitedJoin, type Received, type ServerCore } from './server-core.ts'

/**
 * The next join of a topic, which waits for the answer of the test. It may be given before the client sends the join, which
 * then gets it immediately, or after.
 */
export interface ExpectedJoin<P = unknown, R = unknown> {
  /** The params of the join, once the client has sent it. */
  readonly params: P | undefined
  /** Accepts the join. Default response: `{}`. */
  reply(...response: undefined extends R ? [response?: R] : [response: R]): void
  /** Refuses the join: the channel gets `JoinRefused`. */
  refuse(response?: unknown): void
  /** Never answers: the channel gets `JoinTimeout` once the clock of the test has passed its time. */
  timeOut(): void
  /** The callback `join` of the server raises, of which Phoenix makes a refusal with the reason "join crashed". */
  crash(): void
}

export const expectedJoin = (core: ServerCore, topic: string, params: unknown): ExpectedJoin => {
  const awaited: AwaitedJoin = { topic, params, received: undefined, answer: undefined }
  core.awaitedJoins.push(awaited)
  const answer = (give: (join: Received) => void): void => {
    const { received } = awaited
    if (awaited.answer) throw core.failure(`The join of "${topic}" has already been answered.`)
    if (received && (received.settled || !core.isCurrent(received)))
      throw core.failure(`The join of "${topic}" cannot be answered: the client has abandoned it.`)
    awaited.answer = (join) => {
      join.settled = true
      give(join)
    }
    if (received) awaited.answer(received)
  }
  const refuse = (response: unknown): void => {
    answer(({ link, message }) => {
      core.say(link, errorTo(message, response))
    })
  }
  return {
    get params() {
      return awaited.received?.message.payload
    },
    reply: (response: unknown = {}) => {
      answer((join) => {
        core.accept(join, response)
      })
    },
    refuse: (response = {}) => {
      refuse(response)
    },
    timeOut: () => {
      answer(() => undefined)
    },
    crash: () => {
      refuse({ reason: 'join crashed' })
    },
  }
}
