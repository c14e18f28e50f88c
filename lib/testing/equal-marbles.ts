import { type ObservableNotification } from 'rxjs'
import { type Column, drawMarbles } from './draw-marbles.ts'
import { sameValue } from './same-value.ts'
import { showValue } from './show-value.ts'

/** What the test scheduler records of a stream. */
interface Noted {
  readonly frame: number
  readonly notification: ObservableNotification<unknown>
}

/** What the test scheduler records of a subscription. */
interface Subscribed {
  readonly subscribedFrame: number
  readonly unsubscribedFrame: number
}

/** At most this many differences are listed; the diagrams show the rest. */
const MOST = 8

/**
 * Compares what came with a marble diagram. Throws an Error that shows both as diagrams, lists at which millisecond they
 * differ, and what each letter stands for. What `runMarbles` compares with; needs no test framework.
 */
export const equalMarbles = (actual: unknown, expected: unknown): void => {
  if (sameValue(actual, expected)) return
  const [came, wanted] = [listOf(actual), listOf(expected)]
  if (isSubscriptions(came, wanted)) throw new Error(subscriptionReport(came, wanted))
  throw new Error(report(came as readonly Noted[], wanted as readonly Noted[]))
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const isSubscriptions = (...lists: (readonly unknown[])[]): boolean =>
  lists.some(([first]) => typeof first === 'object' && first !== null && 'subscribedFrame' in first)

const report = (came: readonly Noted[], wanted: readonly Noted[]): string => {
  const letters = new Letters(wanted)
  const columns = { came: columnsOf(came, letters), wanted: columnsOf(wanted, letters) }
  return [
    'The stream did not match its diagram.',
    `  expected: ${drawMarbles(columns.wanted)}`,
    `  actual:   ${drawMarbles(columns.came)}`,
    ...differences(columns.came, columns.wanted),
    ...letters.legend(),
  ].join('\n')
}

/** The letters of the values: those of a diagram are lost by the time that it is compared. */
class Letters {
  private readonly values: { readonly letter: string; readonly value: unknown; readonly shown: string }[] = []
  private readonly wanted: number

  constructor(wanted: readonly Noted[]) {
    for (const { notification } of wanted) this.of(notification)
    this.wanted = this.values.length
  }

  of(notification: ObservableNotification<unknown>): string {
    if (notification.kind === 'C') return '|'
    const isError = notification.kind === 'E'
    const value: unknown = isError ? notification.error : notification.value
    const same = this.values.find(
      (each) =>
        (each.letter === '#') === isError &&
        // Identity first: a matcher does not match itself.
        (value === each.value || sameValue(value, each.value)),
    )
    if (same) return same.letter
    const count = this.values.filter(({ letter }) => letter !== '#').length
    const letter = isError ? '#' : (ALPHABET[count] ?? '?')
    this.values.push({ letter, value, shown: showValue(value) })
    return letter
  }

  legend(): readonly string[] {
    // Errors share a letter, so the expected one is described.
    const which = (letter: string, i: number): string =>
      letter !== '#' ? '' : i < this.wanted ? ' (expected)' : ' (came)'
    return this.values.map(({ letter, shown }, i) => `  ${letter} = ${shown}${which(letter, i)}`)
  }
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

const columnsOf = (noted: readonly Noted[], letters: Letters): readonly Column[] => {
  const columns: Map<number, string> = new Map()
  for (const { frame, notification } of noted)
    columns.set(frame, (columns.get(frame) ?? '') + letters.of(notification))
  return [...columns].map(([frame, each]) => ({ frame, letters: each }))
}

const differences = (came: readonly Column[], wanted: readonly Column[]): readonly string[] => {
  const at = (columns: readonly Column[], frame: number): string =>
    columns.find((each) => each.frame === frame)?.letters ?? 'nothing'
  const frames = [...new Set([...wanted, ...came].map(({ frame }) => frame))].sort((a, b) => a - b)
  const lines = frames
    .filter((frame) => at(came, frame) !== at(wanted, frame) || at(came, frame).includes('#'))
    .map((frame) => `  at ${frame} ms: expected ${at(wanted, frame)}, came ${at(came, frame)}`)
  return lines.length > MOST ? [...lines.slice(0, MOST), `  and ${lines.length - MOST} more`] : lines
}

const subscriptionReport = (came: readonly unknown[], wanted: readonly unknown[]): string => {
  const draw = (each: unknown): string => {
    const { subscribedFrame, unsubscribedFrame } = each as Subscribed
    const end = unsubscribedFrame === Infinity ? [] : [{ frame: unsubscribedFrame, letters: '!' }]
    return drawMarbles([{ frame: subscribedFrame, letters: '^' }, ...end])
  }
  const list = (all: readonly unknown[]): string =>
    all.length === 0 ? '(none)' : all.map(draw).join(' and ')
  return `The subscriptions did not match their diagram.\n  expected: ${list(wanted)}\n  actual:   ${list(came)}`
}
