import { eventColour, FAILURE_COLOUR, stateColour } from './colour.ts'
import { type Filter, showsMark } from './filter.ts'
import { type Count, type Mark, type Span } from './lane.ts'
import { type Row, RULER_HEIGHT } from './layout.ts'
import { type Viewport } from './viewport.ts'

/** The colours of a theme. */
export interface Palette {
  readonly text: string
  readonly faint: string
  readonly rule: string
  readonly accent: string
}

/** What is drawn. */
export interface Scene {
  readonly rows: readonly Row[]
  readonly viewport: Viewport
  readonly filter: Filter
  /** Where what has no end yet is drawn to. */
  readonly nowMs: number
  /** Times on the ruler count from here. */
  readonly originMs: number
  readonly selected: Mark | undefined
  /** The selected stretch of time, if there is one. */
  readonly range: { readonly fromMs: number; readonly toMs: number } | undefined
  readonly width: number
  readonly height: number
  readonly palette: Palette
}

/** Where a mark was drawn, for pointing at it. */
export interface Drawn {
  readonly mark: Mark
  readonly x: number
  readonly y: number
}

const RADIUS = 9
const FONT = '12px system-ui, sans-serif'

/** Draws what is in view. Returns the marks with their places. */
export const draw = (context: CanvasRenderingContext2D, scene: Scene): Drawn[] => {
  const { rows, width, height, palette } = scene
  const drawn: Drawn[] = []
  context.clearRect(0, 0, width, height)
  context.font = FONT
  context.textBaseline = 'alphabetic'
  drawRange(context, scene)
  drawRuler(context, scene)
  for (const row of rows) {
    context.fillStyle = palette.text
    context.textAlign = 'left'
    context.fillText(titleOf(row), 6, row.titleY)
    context.fillStyle = palette.rule
    context.fillRect(0, row.markY, width, 1)
    for (const span of spansInView(row, scene)) drawSpan(context, scene, row, span)
    if (row.countTop !== undefined) drawCounts(context, scene, row, row.countTop)
    drawMarks(context, scene, row, drawn)
  }
  return drawn
}

const titleOf = ({ lane }: Row): string =>
  lane.kind === 'connection' ? `connection ${lane.name}` : lane.name

const xOf = ({ viewport }: Scene, atMs: number): number => (atMs - viewport.fromMs) / viewport.msPerPixel

const endOf = ({ viewport, width }: Scene): number => viewport.fromMs + width * viewport.msPerPixel

const drawRange = (context: CanvasRenderingContext2D, scene: Scene): void => {
  const { range, height, palette } = scene
  if (!range) return
  context.globalAlpha = 0.15
  context.fillStyle = palette.accent
  const x = xOf(scene, range.fromMs)
  context.fillRect(x, 0, Math.max(1, xOf(scene, range.toMs) - x), height)
  context.globalAlpha = 1
}

/** 1, 2 or 5 times a power of ten: the smallest such time that leaves room for a label. */
const tickMs = (msPerPixel: number): number => {
  const least = msPerPixel * 90
  const power = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((factor) => factor * power).find((ms) => ms >= least) ?? 10 * power
}

const drawRuler = (context: CanvasRenderingContext2D, scene: Scene): void => {
  const { viewport, originMs, width, height, palette } = scene
  const step = tickMs(viewport.msPerPixel)
  const first = Math.ceil((viewport.fromMs - originMs) / step) * step
  context.textAlign = 'center'
  for (let ms = first; ms + originMs < viewport.fromMs + width * viewport.msPerPixel; ms += step) {
    const x = Math.round(xOf(scene, ms + originMs))
    context.fillStyle = palette.rule
    context.fillRect(x, RULER_HEIGHT - 4, 1, height)
    context.fillStyle = palette.faint
    context.fillText(timeLabel(ms, step), x, RULER_HEIGHT - 8)
  }
}

/** A time since the beginning, as exact as the ruler is. */
export const timeLabel = (ms: number, step = 1): string => {
  if (step < 1) return `${ms.toFixed(2)} ms`
  if (Math.abs(ms) < 1_000 && step < 1_000) return `${Math.round(ms)} ms`
  if (step < 1_000) return `${(ms / 1_000).toFixed(step < 100 ? 2 : 1)} s`
  const seconds = Math.round(ms / 1_000)
  if (Math.abs(seconds) < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)}:${String(Math.abs(seconds) % 60).padStart(2, '0')}`
}

const spansInView = ({ lane }: Row, { viewport, width }: Scene): Span[] => {
  const toMs = viewport.fromMs + width * viewport.msPerPixel
  const spans: Span[] = []
  let index = lane.spans.firstIndex(({ untilMs }) => (untilMs ?? Infinity) >= viewport.fromMs)
  for (; index < lane.spans.length; index += 1) {
    const span = lane.spans.at(index)
    if (!span || span.fromMs > toMs) break
    spans.push(span)
  }
  return spans
}

const drawSpan = (
  context: CanvasRenderingContext2D,
  scene: Scene,
  { spanTop, spanHeight }: Row,
  span: Span,
): void => {
  const from = Math.max(0, xOf(scene, span.fromMs))
  const to = Math.min(scene.width, xOf(scene, span.untilMs ?? Math.max(scene.nowMs, span.fromMs)))
  context.fillStyle = stateColour(span.status)
  context.fillRect(from, spanTop, Math.max(1, to - from), spanHeight)
  const label = [spanLabel(span, scene.nowMs), span.status].find(
    (text) => context.measureText(text).width + 8 <= to - from,
  )
  if (label === undefined) return
  context.fillStyle = '#ffffff'
  context.textAlign = 'left'
  context.fillText(label, from + 4, spanTop + spanHeight - 3)
}

/** The state in words; of a wait that goes on, how long it still lasts. */
export const spanLabel = ({ status, facts, fromMs, untilMs }: Span, nowMs: number): string => {
  const retryInMs = typeof facts['retryInMs'] === 'number' ? facts['retryInMs'] : undefined
  const left = retryInMs === undefined ? undefined : Math.max(0, fromMs + retryInMs - nowMs)
  const wait =
    left === undefined
      ? ''
      : untilMs === undefined
        ? `, ${timeLabel(left)} left`
        : `, ${timeLabel(retryInMs ?? 0)}`
  const cause = typeof facts['cause'] === 'string' ? `: ${facts['cause']}` : ''
  const again = facts['rejoined'] === true ? ' again' : ''
  return `${status}${again}${wait}${cause}`
}

const drawCounts = (
  context: CanvasRenderingContext2D,
  scene: Scene,
  { lane, countHeight }: Row,
  top: number,
): void => {
  const counts = [...lane.counts]
  const most = Math.max(1, ...counts.slice(-10_000).map(({ count }) => count))
  const y = (count: number): number => top + countHeight - (count / most) * (countHeight - 2)
  context.strokeStyle = scene.palette.accent
  context.beginPath()
  let before: Count | undefined
  for (const each of counts) {
    const x = xOf(scene, each.atMs)
    if (before) context.lineTo(x, y(before.count))
    else context.moveTo(x, y(each.count))
    context.lineTo(x, y(each.count))
    before = each
  }
  if (before) context.lineTo(xOf(scene, scene.nowMs), y(before.count))
  context.stroke()
  context.fillStyle = scene.palette.faint
  context.textAlign = 'left'
  context.fillText(`${before?.count ?? 0} present`, 6, top + countHeight - 2)
}

const drawMarks = (context: CanvasRenderingContext2D, scene: Scene, row: Row, drawn: Drawn[]): void => {
  const { viewport, filter, selected } = scene
  const { marks } = row.lane
  const endMs = endOf(scene)
  // Work is drawn from its start to its end, so what began before the view may reach into it; a minute is far enough.
  const margin = Math.max(RADIUS * viewport.msPerPixel, 60_000)
  let lastX = -Infinity
  for (
    let index = marks.firstIndex(({ atMs }) => atMs >= viewport.fromMs - margin);
    index < marks.length;
    index += 1
  ) {
    const mark = marks.at(index)
    if (!mark || mark.atMs > endMs) break
    if (!showsMark(filter, mark)) continue
    const x = xOf(scene, mark.atMs)
    const failed = isFailure(mark)
    // Of marks closer than a pixel one is enough, unless one says that something went wrong.
    if (x - lastX < 1 && !failed && mark !== selected) continue
    if (mark.kind === 'work') drawWork(context, scene, row, mark, x)
    if (x < -RADIUS) continue
    drawMarble(context, row, mark, x, { small: x - lastX < RADIUS, selected: mark === selected, scene })
    drawn.push({ mark, x, y: row.markY })
    lastX = x
  }
}

const HARMLESS: ReadonlySet<string> = new Set(['ok', 'sent', 'abandoned'])

/** Whether something went wrong with it. */
export const isFailure = ({ kind, outcome }: Mark): boolean =>
  kind === 'failure' || (outcome !== undefined && !HARMLESS.has(outcome))

const colourOf = (mark: Mark): string => (isFailure(mark) ? FAILURE_COLOUR : eventColour(mark.label))

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
  { markY }: Row,
  mark: Mark,
  x: number,
  { small, selected, scene }: { readonly small: boolean; readonly selected: boolean; readonly scene: Scene },
): void => {
  const radius = small && !selected ? 3 : RADIUS
  context.fillStyle = colourOf(mark)
  context.beginPath()
  // What the client sends is a square, what the server sends a circle: colour is not the only difference.
  if (mark.kind === 'work') context.rect(x - radius, markY - radius, 2 * radius, 2 * radius)
  else context.arc(x, markY, radius, 0, 2 * Math.PI)
  context.fill()
  if (selected) {
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
