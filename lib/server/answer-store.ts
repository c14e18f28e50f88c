import { InvalidArgument } from '../protocol/invalid-argument.ts'

/** What a key was used for, and what was answered. Plain JSON if the response is. */
export interface KeptAnswer {
  /** A hash of the payload that came with the key. */
  readonly payload: string
  readonly status: string
  readonly response: unknown
}

/** Where `onceByKey` keeps its answers. Each function may be asynchronous. */
export interface AnswerStore {
  /** The answer that was kept for a key. */
  get(key: string): KeptAnswer | undefined | PromiseLike<KeptAnswer | undefined>
  /** Keeps an answer for a key. */
  set(key: string, answer: KeptAnswer): void | PromiseLike<void>
}

/**
 * Answers in memory, lost when the process ends. Throws `InvalidArgument`.
 *
 * @param keep - answers; the oldest go first, and a key of theirs counts as new. Default 10,000.
 */
export const memoryAnswers = ({ keep = 10_000 }: { readonly keep?: number } = {}): AnswerStore => {
  if (!Number.isInteger(keep) || keep < 1)
    throw new InvalidArgument('keep', keep, 'pass the number of answers to keep, 1 or more.')
  const answers: Map<string, KeptAnswer> = new Map()
  return {
    get: (key) => answers.get(key),
    set: (key, answer) => {
      answers.set(key, answer)
      if (answers.size <= keep) return
      const [oldest] = answers.keys()
      if (oldest !== undefined) answers.delete(oldest)
    },
  }
}
