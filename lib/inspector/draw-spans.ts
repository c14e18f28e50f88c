import { stateColour } from './colour.ts'
import { type Span } from './lane.ts'
import { type Row } from './layout.ts'
import { endOf, type Scene, xOf } from './scene.ts'
import { spanLabel } from './span-label.ts'

/** Draws the states of a lane that are in view. */
export const drawSpans = (context: CanvasRenderingContext2D, scene: Scene, row: Row): void => {
  const { spans } = row.lane
  const { fromMs } = scene.viewport
  const toMs = endOf(scene)
  let drawnTo = -Infinity
  for (
    let index = spans.firstIndex(({ untilMs }) => (untilMs ?? Infinity) >= fromMs);
    index < spans.length;
    index += 1
  ) {
    const span = spans.at(index)
    if (!span || span.fromMs > toMs) break
    const to = xOf(scene, span.untilMs ?? Math.max(scene.nowMs, span.fromMs))
    // Of states that end within one pixel the first is enough.
    if (to - drawnTo < 1 && span.untilMs !== undefined) continue
    drawSpan(context, scene, row, span, to)
    drawnTo = to
  }
}

const drawSpan = (
  context: CanvasRenderingContext2D,
  scene: Scene,
  { spanTop, spanHeight }: Row,
  span: Span,
  end: number,
): void => {
  const from = Math.max(0, xOf(scene, span.fromMs))
  const to = Math.min(scene.width, end)
  context.fillStyle = stateColour(span.status)
  context.fillRect(from, spanTop, Math.max(1, to - from), spanHeight)
  // Measuring a text is the dear part, and none fits in less.
  if (to - from < 24) return
  const label = [spanLabel(span, scene.nowMs), span.status].find(
    (text) => context.measureText(text).width + 8 <= to - from,
  )
  if (label === undefined) return
  context.fillStyle = '#ffffff'
  context.textAlign = 'left'
  context.fillText(label, from + 4, spanTop + spanHeight - 3)
}
