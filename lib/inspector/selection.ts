import { type Filter } from './filter.ts'
import { type Lane, type Mark } from './lane.ts'

/** A mark to move to from another one: the next or previous of its lane that the filter shows. */
export const neighbour = (mark: Mark, step: 1 | -1, filter: Filter): Mark | undefined => {
  const { marks } = mark.lane
  return shownFrom(marks, marks.firstIndex(({ id }) => id >= mark.id) + step, step, filter)
}

/** The first or last mark of a lane that the filter shows. */
export const outermost = ({ marks }: Lane, end: 'first' | 'last', filter: Filter): Mark | undefined => {
  const step = end === 'first' ? 1 : -1
  return shownFrom(marks, end === 'first' ? 0 : marks.length - 1, step, filter)
}

/** The mark of a lane that is nearest to a moment. */
export const nearest = ({ marks }: Lane, atMs: number, filter: Filter): Mark | undefined => {
  const index = marks.firstIndex((mark) => mark.atMs >= atMs)
  return [shownFrom(marks, index - 1, -1, filter), shownFrom(marks, index, 1, filter)]
    .filter((mark) => mark !== undefined)
    .sort((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs))[0]
}

const shownFrom = (marks: Lane['marks'], from: number, step: 1 | -1, filter: Filter): Mark | undefined => {
  for (let index = from; index >= 0 && index < marks.length; index += step) {
    const found = marks.at(index)
    if (found && filter.showsMark(found)) return found
  }
  return undefined
}

/** The marks of a lane between two moments, both included, that the filter shows. */
export const marksBetween = (lane: Lane, fromMs: number, toMs: number, filter: Filter): readonly Mark[] => {
  const marks: Mark[] = []
  for (
    let index = lane.marks.firstIndex(({ atMs }) => atMs >= fromMs);
    index < lane.marks.length;
    index += 1
  ) {
    const mark = lane.marks.at(index)
    if (!mark || mark.atMs > toMs) break
    if (filter.showsMark(mark)) marks.push(mark)
  }
  return marks
}
