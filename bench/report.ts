import { type ClientName, clients } from './clients/names.ts'
import { type Measured } from './measured.ts'
import { median } from './measures/median.ts'
import { type Goal, type Scenario } from './scenario.ts'

/** One turn: what each client that takes part needed, and how much of the time the server's process was at work. */
export interface Turn {
  readonly measured: Readonly<Partial<Record<ClientName, Measured>>>
  /** CPU time of the server by that of the client `rx`, or less. */
  readonly serverLoad: number
}

export interface Result {
  readonly name: string
  readonly unit: string
  /** Medians. */
  readonly values: Readonly<Partial<Record<ClientName, number>>>
  /** Medians of the ratios within each turn, `rx` to the others. */
  readonly ratios: Readonly<Partial<Record<ClientName, number>>>
  /** Of the ratio to raw over the turns: (highest - lowest) by the median. */
  readonly spread: number
  readonly serverLoad: number
  readonly goal: Goal
  /** What is over its goal, in words. */
  readonly missed: readonly string[]
  /** Whether everything came, in order, every time. */
  readonly correct: boolean
  readonly turns: readonly Turn[]
}

export const report = ({ name, unit, goal }: Scenario, turns: readonly Turn[]): Result => {
  const of = (read: (turn: Turn, client: ClientName) => number | undefined): Result['values'] =>
    Object.fromEntries(
      clients.flatMap((client) => {
        const found = turns.map((turn) => read(turn, client)).filter((value) => value !== undefined)
        return found.length > 0 ? [[client, median(found)]] : []
      }),
    )
  const values = of(({ measured }, client) => measured[client]?.value)
  const ratios = of(({ measured }, client) => ratio(measured.rx, measured[client]))
  const toRaw = turns.map(({ measured }) => ratio(measured.rx, measured.raw) ?? NaN)
  return {
    name,
    unit,
    values,
    ratios,
    spread: (Math.max(...toRaw) - Math.min(...toRaw)) / median(toRaw),
    serverLoad: median(turns.map(({ serverLoad }) => serverLoad)),
    goal,
    missed: [
      ...over(ratios.raw, goal.raw, ' × raw'),
      ...over(ratios.phoenix, goal.phoenix, ' × phoenix.js'),
      ...over(values.rx, goal.atMost, ` ${unit}`),
    ],
    correct: turns.every(({ measured }) => Object.values(measured).every(({ correct }) => correct)),
    turns,
  }
}

/** A value that was not measured has not reached its goal either. */
const over = (value = NaN, goal: number | undefined, unit: string): readonly string[] =>
  goal === undefined || value <= goal ? [] : [`${short(value, 2)}${unit}${bound(goal)}`]

const ratio = (a: Measured | undefined, b: Measured | undefined): number | undefined =>
  a && b ? a.value / b.value : undefined

/** The results as a Markdown table. */
export const toTable = (results: readonly Result[]): string =>
  [
    `| | unit | ${clients.join(' | ')} | × raw (goal) | × phoenix.js (goal) | goal | spread | server | all, in order |`,
    `|---|---|${clients.map(() => '---|').join('')}---|---|---|---|---|---|`,
    ...results.map(row),
  ].join('\n')

const row = ({ name, unit, values, ratios, spread, serverLoad, goal, missed, correct }: Result): string => {
  const hasGoal = Object.keys(goal).length > 0
  const cells = [
    name,
    unit,
    ...clients.map((client) => short(values[client])),
    `${short(ratios.raw, 2)}${bound(goal.raw)}`,
    `${short(ratios.phoenix, 2)}${bound(goal.phoenix)}`,
    hasGoal ? `${missed.length === 0 ? 'reached' : 'missed'}${bound(goal.atMost)}` : '',
    Number.isFinite(spread) ? `${Math.round(spread * 100)} %` : '',
    `${Math.round(serverLoad * 100)} %`,
    correct ? 'yes' : 'NO',
  ]
  return `| ${cells.join(' | ')} |`
}

const short = (value: number | undefined, digits?: number): string =>
  value === undefined ? '' : value.toFixed(digits ?? (value < 10 ? 2 : value < 100 ? 1 : 0))

const bound = (goal: number | undefined): string => (goal === undefined ? '' : ` (≤ ${goal})`)
