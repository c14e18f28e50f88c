import { drawCounts } from './draw-counts.ts'
import { type Drawn, drawMarks } from './draw-marks.ts'
import { drawSpans } from './draw-spans.ts'
import { type Row, RULER_HEIGHT } from './layout.ts'
import { endOf, type Scene, xOf } from './scene.ts'
import { timeLabel } from './time-label.ts'

const FONT = '12px system-ui, sans-serif'

/** Draws what is in view, and returns the marks with their places. */
export const draw = (context: CanvasRenderingContext2D, scene: Scene): readonly Drawn[] => {
  const { rows, width, height, scrolled } = scene
  context.clearRect(0, 0, width, height)
  context.font = FONT
  context.textBaseline = 'alphabetic'
  drawRuler(context, scene)
  context.save()
  context.beginPath()
  context.rect(0, RULER_HEIGHT, width, height - RULER_HEIGHT)
  context.clip()
  context.translate(0, -scrolled)
  const drawn = rows
    .filter(({ top, bottom }) => bottom > scrolled && top < scrolled + height)
    .flatMap((row) => drawRow(context, scene, row))
  context.restore()
  return drawn
}

const drawRow = (context: CanvasRenderingContext2D, scene: Scene, row: Row): readonly Drawn[] => {
  const { palette, width, range } = scene
  if (range?.lane === row.lane) {
    const x = xOf(scene, range.fromMs)
    context.globalAlpha = 0.2
    context.fillStyle = palette.accent
    context.fillRect(x, row.top, Math.max(1, xOf(scene, range.toMs) - x), row.bottom - row.top)
    context.globalAlpha = 1
  }
  context.fillStyle = palette.text
  context.textAlign = 'left'
  context.fillText(titleOf(row), 6, row.titleY)
  context.fillStyle = palette.rule
  context.fillRect(0, row.markY, width, 1)
  drawSpans(context, scene, row)
  if (row.countTop !== undefined) drawCounts(context, scene, row, row.countTop)
  return drawMarks(context, scene, row)
}

const titleOf = ({ lane }: Row): string =>
  lane.kind === 'connection' ? `connection ${lane.name}` : lane.name

/** 1, 2 or 5 times a power of ten: the smallest such time that leaves room for a label. */
const tickMs = (msPerPixel: number): number => {
  const least = msPerPixel * 90
  const power = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((factor) => factor * power).find((ms) => ms >= least) ?? 10 * power
}

const drawRuler = (context: CanvasRenderingContext2D, scene: Scene): void => {
  const { viewport, originMs, height, palette } = scene
  const step = tickMs(viewport.msPerPixel)
  const first = Math.ceil((viewport.fromMs - originMs) / step) * step
  context.textAlign = 'center'
  for (let ms = first; ms + originMs < endOf(scene); ms += step) {
    const x = Math.round(xOf(scene, ms + originMs))
    context.fillStyle = palette.rule
    context.fillRect(x, RULER_HEIGHT - 4, 1, height)
    context.fillStyle = palette.faint
    context.fillText(timeLabel(ms, step), x, RULER_HEIGHT - 8)
  }
}
