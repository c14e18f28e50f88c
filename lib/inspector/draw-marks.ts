import { eventColour, FAILURE_COLOUR } from './colour.ts'
import { isFailure, isWork, type Mark } from './lane.ts'
import { type Row } from './layout.ts'
import { endOf, type Scene, xOf } from './scene.ts'

/** Where a mark was drawn, from the top left of the canvas. */
export interface Drawn {
  readonly mark: Mark
  readonly x: number
  readonly y: number
}

const RADIUS = 9
const SMALL_RADIUS = 3

/** Work is drawn from its start to its end, so what began this long before the view may reach into it. */
const LONGEST_WORK_MS = 60_000

/** Draws the marks of a lane that are in view, and returns them with their places. */
export const drawMarks = (context: CanvasRenderingContext2D, scene: Scene, row: Row): readonly Drawn[] => {
  const { viewport, filter, selected, scrolled } = scene
  const { marks } = row.lane
  const endMs = endOf(scene)
  const margin = Math.max(RADIUS * viewport.msPerPixel, LONGEST_WORK_MS)
  const drawn: Drawn[] = []
  let lastX = -Infinity
  let lastFailedX = -Infinity
  for (
    let index = marks.firstIndex(({ atMs }) => atMs >= viewport.fromMs - margin);
    index < marks.length;
    index += 1
  ) {
    const mark = marks.at(index)
    if (!mark || mark.atMs > endMs) break
    const x = xOf(scene, mark.atMs)
    const failed = isFailure(mark)
    // Of marks that share a pixel one is enough, and one more if something went wrong.
    if (x - (failed ? lastFailedX : lastX) < 1 && mark !== selected) continue
    if (!filter.showsMark(mark)) continue
    if (isWork(mark)) drawWork(context, scene, row, mark, x)
    if (x < -RADIUS) continue
    drawMarble(context, scene, row, mark, x, x - lastX < RADIUS)
    drawn.push({ mark, x, y: row.markY - scrolled })
    lastX = x
    if (failed) lastFailedX = x
  }
  return drawn
}

const colourOf = (mark: Mark): string => (isFailure(mark) ? FAILURE_COLOUR : eventColour(mark.label))

/** A line from the start to the end; broken while there is no end. */
const drawWork = (
  context: CanvasRenderingContext2D,
  scene: Scene,
  { markY }: Row,
  mark: Mark,
  x: number,
): void => {
  const to = xOf(scene, mark.untilMs ?? scene.nowMs)
  if (to < 0) return
  context.strokeStyle = colourOf(mark)
  context.lineWidth = 3
  context.setLineDash(mark.untilMs === undefined ? [4, 4] : [])
  context.beginPath()
  context.moveTo(x, markY)
  context.lineTo(to, markY)
  context.stroke()
  context.setLineDash([])
  context.lineWidth = 1
}

const drawMarble = (
  context: CanvasRenderingContext2D,
  scene: Scene,
  { markY }: Row,
  mark: Mark,
  x: number,
  isCrowded: boolean,
): void => {
  const isSelected = mark === scene.selected
  const radius = isCrowded && !isSelected ? SMALL_RADIUS : RADIUS
  context.fillStyle = colourOf(mark)
  context.beginPath()
  // What the client sends is a square, what the server sends a circle: colour is not the only difference.
  if (isWork(mark)) context.rect(x - radius, markY - radius, 2 * radius, 2 * radius)
  else context.arc(x, markY, radius, 0, 2 * Math.PI)
  context.fill()
  if (isSelected) {
    context.strokeStyle = scene.palette.text
    context.lineWidth = 2
    context.stroke()
    context.lineWidth = 1
  }
  if (radius < RADIUS) return
  context.fillStyle = '#ffffff'
  context.textAlign = 'center'
  context.fillText(isFailure(mark) ? '✕' : (Array.from(mark.label)[0] ?? '?'), x, markY + 4)
}
