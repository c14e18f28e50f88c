import { type Lane } from './lane.ts'

/** Heights in CSS pixels. */
export const RULER_HEIGHT = 22
const TITLE_HEIGHT = 18
const SPAN_HEIGHT = 14
const MARK_HEIGHT = 26
const COUNT_HEIGHT = 24
const GAP = 8

/** Where the parts of a lane are, from the top of the drawing. */
export interface Row {
  readonly lane: Lane
  readonly top: number
  readonly titleY: number
  readonly spanTop: number
  readonly spanHeight: number
  readonly markY: number
  /** Undefined for a lane without presence. */
  readonly countTop: number | undefined
  readonly countHeight: number
  readonly bottom: number
}

/** Puts one lane below the other. */
export const layout = (lanes: readonly Lane[]): readonly Row[] => {
  let top = RULER_HEIGHT
  return lanes.map((lane) => {
    const spanTop = top + TITLE_HEIGHT
    const markTop = spanTop + SPAN_HEIGHT
    const hasCount = lane.counts.length > 0
    const countTop = markTop + MARK_HEIGHT
    const bottom = countTop + (hasCount ? COUNT_HEIGHT : 0) + GAP
    const row: Row = {
      lane,
      top,
      titleY: top + TITLE_HEIGHT - 5,
      spanTop,
      spanHeight: SPAN_HEIGHT,
      markY: markTop + MARK_HEIGHT / 2,
      countTop: hasCount ? countTop : undefined,
      countHeight: COUNT_HEIGHT - 4,
      bottom,
    }
    top = bottom
    return row
  })
}
