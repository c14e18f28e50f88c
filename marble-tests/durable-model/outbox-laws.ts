import { type OutboxState } from '../../lib/durable/index.ts'

/** One push, as the application sees it. */
export interface Pushed {
  readonly key: string
  /** Tab and number: those of one tab are to arrive in their order. */
  readonly tab: number
  readonly n: number
  readonly states: OutboxState[]
  failed: string | undefined
  /** Its process has ended, so its last state was not received. */
  orphaned: boolean
  /** It was discarded or retried: it may arrive out of order, or not at all. */
  touched: boolean
}

/** What became of all pushes in the end. */
interface Outcome {
  readonly pushes: ReadonlyMap<string, Pushed>
  /** The keys that the server applied, in order. */
  readonly applied: readonly string[]
  /** By key: whether the server accepted it. */
  readonly answers: ReadonlyMap<string, boolean>
  /** The keys of the entries that are stored as refused. */
  readonly refused: ReadonlySet<string>
}

/** What is wrong with single pushes: lost, sent without being stored, or shown in a wrong state. */
export const wrongWithPushes = ({
  pushes,
  answers,
  refused,
}: Pick<Outcome, 'pushes' | 'answers' | 'refused'>): readonly string[] =>
  [...pushes.values()].flatMap((pushed) =>
    wrongWithPush(pushed, answers.get(pushed.key), refused.has(pushed.key)),
  )

const wrongWithPush = (
  { key, states, failed, orphaned, touched }: Pushed,
  answer: boolean | undefined,
  isRefused: boolean,
): readonly string[] => {
  const wrong: string[] = []
  const shown = states.map(({ status }) => status).join(' ')
  const isStored = states.length > 0
  const last = states.at(-1)?.status
  if (failed !== undefined && failed !== 'StoreFailed') wrong.push(`${key} failed with ${failed}`)
  if (failed !== undefined && isStored) wrong.push(`${key} was stored and failed: ${shown}`)
  if (failed !== undefined && answer !== undefined) wrong.push(`${key} was not stored and was sent`)
  // Queued again: the tab that sent it has ended.
  if (!/^(queued( sending| queued)*( done| refused| discarded)?)?$/.test(shown))
    wrong.push(`${key} went through ${shown}`)
  if (!isStored || touched) return wrong
  if (answer === undefined) wrong.push(`${key} was stored and never arrived: ${shown}`)
  else if (answer === isRefused) wrong.push(`${key} was answered ${answer}, refused: ${isRefused}`)
  if (!orphaned && last !== 'done' && last !== 'refused') wrong.push(`${key} ended ${shown}`)
  return wrong
}

/** What is wrong with the order of pushes that are sent one at a time: those of one tab arrive in their order. */
export const wrongWithOrder = ({
  pushes,
  applied,
}: Pick<Outcome, 'pushes' | 'applied'>): readonly string[] => {
  const wrong: string[] = []
  const lastOf: Map<number, number> = new Map()
  for (const key of applied) {
    const pushed = pushes.get(key)
    if (!pushed) wrong.push(`${key} was never pushed`)
    else if (!pushed.touched && pushed.states.length > 0) {
      if (pushed.n < (lastOf.get(pushed.tab) ?? 0)) wrong.push(`${key} came late: ${applied.join()}`)
      lastOf.set(pushed.tab, pushed.n)
    }
  }
  return wrong
}
