/** What happens in one millisecond of a diagram, in letters. */
export interface Column {
  readonly frame: number
  readonly letters: string
}

/** Gaps that are longer are written as a time, as in `a 29999ms b`. */
const LONGEST_GAP = 30

/**
 * A marble diagram, as RxJS reads it: a column is a millisecond. Where that cannot be drawn, since something comes while
 * a group still takes up columns, the time is written before each: `2: (ab), 3: c`.
 */
export const drawMarbles = (columns: readonly Column[]): string => {
  let drawn = ''
  let at = 0
  for (const { frame, letters } of columns) {
    if (frame < at) return columns.map((each) => `${each.frame}: ${group(each.letters)}`).join(', ')
    drawn += gap(frame - at) + group(letters)
    at = frame + group(letters).length
  }
  return drawn === '' ? '(nothing)' : drawn.trim()
}

const gap = (ms: number): string => (ms > LONGEST_GAP ? ` ${ms}ms ` : '-'.repeat(ms))

const group = (letters: string): string => (letters.length > 1 ? `(${letters})` : letters)
