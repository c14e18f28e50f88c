import { createHash } from 'node:crypto'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type AnswerStore, type KeptAnswer, memoryAnswers } from './answer-store.ts'
import { type ServerChannel } from './channel-definition.ts'
import { error, readResult, reply, type ReplyResult } from './result.ts'

/** Options of `onceByKey`. */
export interface OnceByKeyOptions {
  /** The key of a payload. Default: its `idempotency_key`. */
  readonly key?: (payload: unknown) => unknown
  /** Whose keys they are: the same key in another scope is another one. Default: those of the topic. */
  readonly scope?: (channel: ServerChannel) => string
  /** Where answers are kept. Default: in memory, 10,000 of them. */
  readonly store?: AnswerStore
}

type MaybePromise<T> = T | PromiseLike<T>

/**
 * Makes a handler of pushes run once for each key. A push that comes again, after a lost reply for instance, gets the answer
 * of the first time, `ok` or not; one that arrives while the first is being handled waits for that answer. The same key with
 * another payload is refused, as is a push without a key.
 *
 * The handler must return its answer. If it throws, its channel crashes, nothing is kept, and the push may come again. What
 * it does and what is kept are two steps: if the process dies between them, a push that comes again runs again. Only a store
 * that is written in the transaction of the handler closes that gap (see docs/durable.md).
 */
export const onceByKey = <P = unknown>(
  handler: (payload: P, channel: ServerChannel) => MaybePromise<ReplyResult>,
  options: OnceByKeyOptions = {},
): ((payload: P, channel: ServerChannel) => Promise<ReplyResult>) => {
  if (typeof handler !== 'function')
    throw new InvalidArgument('handler', handler, 'pass the function that handles a push.')
  const { key = keyOf, scope = topicOf, store = memoryAnswers() } = options
  const running: Map<string, Promise<KeptAnswer>> = new Map()

  const run = async (id: string, hash: string, payload: P, channel: ServerChannel): Promise<KeptAnswer> => {
    const kept = await store.get(id)
    if (kept) return kept
    const result = readResult(await handler(payload, channel))
    if (typeof result !== 'object' || result._tag !== 'Reply')
      throw new TypeError('a handler that runs once by key must return its answer, such as ok().')
    const answer: KeptAnswer = { payload: hash, status: result.status, response: result.response }
    await store.set(id, answer)
    return answer
  }

  /** The answer of the current run, or of a new one if there is no run or it failed. */
  const answerTo = async (...given: Parameters<typeof run>): Promise<KeptAnswer> => {
    const [id] = given
    for (let other = running.get(id); other; other = running.get(id)) {
      const answer = await other.catch(() => undefined)
      if (answer) return answer
    }
    const own = run(...given).finally(() => {
      running.delete(id)
    })
    running.set(id, own)
    return own
  }

  return async (payload, channel) => {
    const name = key(payload)
    if (typeof name !== 'string' || name === '') return error({ reason: 'no idempotency key' })
    const hash = hashOf(payload)
    const answer = await answerTo(JSON.stringify([scope(channel), name]), hash, payload, channel)
    return answer.payload === hash
      ? reply(answer.status, answer.response)
      : error({ reason: 'idempotency key used with another payload' })
  }
}

const topicOf = ({ topic }: ServerChannel): string => topic

const keyOf = (payload: unknown): unknown =>
  typeof payload === 'object' && payload !== null && 'idempotency_key' in payload
    ? payload.idempotency_key
    : undefined

/** The same for equal payloads, in whatever order their keys come. */
const hashOf = (payload: unknown): string => {
  const bytes = payload instanceof ArrayBuffer ? new Uint8Array(payload) : JSON.stringify(payload, sorted)
  return createHash('sha256').update(bytes).digest('base64url')
}

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
