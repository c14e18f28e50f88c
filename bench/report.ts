import { median, type Measured } from './measure.ts'
import { type Goal, type Scenario } from './scenarios.ts'

export const clients = ['raw', 'phoenix', 'rx'] as const
export type ClientName = (typeof clients)[number]

export interface Result {
  readonly name: string
  readonly unit: string
  /** Medians. */
  readonly values: Readonly<Record<ClientName, number>>
  /** Medians of the ratios within each turn. */
  readonly toRaw: number
  readonly toPhoenix: number
  readonly goal: Goal
  readonly reached: boolean
  /** Whether everything came, in order, every time. */
  readonly correct: boolean
  readonly runs: readonly Readonly<Record<ClientName, Measured>>[]
}

export const report = (
  { name, unit, goal }: Scenario,
  runs: readonly Readonly<Record<ClientName, Measured>>[],
): Result => {
  const value = (client: ClientName): number => median(runs.map((run) => run[client].value))
  const ratio = (client: ClientName): number => median(runs.map((run) => run.rx.value / run[client].value))
  const values = { raw: value('raw'), phoenix: value('phoenix'), rx: value('rx') }
  const toRaw = ratio('raw')
  const toPhoenix = ratio('phoenix')
  const reached =
    toRaw <= (goal.raw ?? Infinity) &&
    toPhoenix <= (goal.phoenix ?? Infinity) &&
    values.rx <= (goal.atMost ?? Infinity)
  const correct = runs.every((run) => clients.every((client) => run[client].correct))
  return { name, unit, values, toRaw, toPhoenix, goal, reached, correct, runs }
}

/** The results as a Markdown table. */
export const toTable = (results: readonly Result[]): string =>
  [
    '| | unit | raw | phoenix.js | rx-phoenix | × raw (goal) | × phoenix.js (goal) | goal reached | all, in order |',
    '|---|---|---|---|---|---|---|---|---|',
    ...results.map(row),
  ].join('\n')

const row = ({ name, unit, values, toRaw, toPhoenix, goal, reached, correct }: Result): string => {
  const cells = [
    name,
    unit,
    ...clients.map((client) => short(values[client])),
    `${toRaw.toFixed(2)}${bound(goal.raw)}`,
    `${toPhoenix.toFixed(2)}${bound(goal.phoenix)}`,
    `${reached ? 'yes' : 'no'}${bound(goal.atMost)}`,
    correct ? 'yes' : 'NO',
  ]
  return `| ${cells.join(' | ')} |`
}

const short = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)

const bound = (goal: number | undefined): string => (goal === undefined ? '' : ` (≤ ${goal})`)
