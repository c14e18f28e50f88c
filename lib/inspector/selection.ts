import { type Filter, showsMark } from './filter.ts'
import { type Lane, type Mark } from './lane.ts'

/** A mark to move to from another one: the next or previous of its lane that the filter shows. */
export const neighbour = (mark: Mark, step: 1 | -1, filter: Filter): Mark | undefined => {
  const { marks } = mark.lane
  let index = marks.firstIndex(({ id }) => id >= mark.id) + step
  for (; index >= 0 && index < marks.length; index += step) {
    const found = marks.at(index)
    if (found && showsMark(filter, found)) return found
  }
  return undefined
}

/** The mark of a lane that is nearest to a moment. */
export const nearest = (lane: Lane, atMs: number, filter: Filter): Mark | undefined => {
  const index = lane.marks.firstIndex((mark) => mark.atMs >= atMs)
  const candidates = [-1, 0, 1].flatMap((offset) =>
    index + offset < 0 ? [] : (lane.marks.at(index + offset) ?? []),
  )
  return candidates
    .filter((mark) => showsMark(filter, mark))
    .sort((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs))[0]
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
    if (showsMark(filter, mark)) marks.push(mark)
  }
  return marks
}
