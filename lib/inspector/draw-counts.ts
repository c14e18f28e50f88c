import { type Count } from './lane.ts'
import { type Row } from './layout.ts'
import { endOf, type Scene, xOf } from './scene.ts'

/** Draws how many are present as a line over time, as high as the highest count in view. */
export const drawCounts = (
  context: CanvasRenderingContext2D,
  scene: Scene,
  { lane, countHeight }: Row,
  top: number,
): void => {
  const seen = countsInView(scene, lane.counts)
  const most = seen.reduce((highest, { count }) => Math.max(highest, count), 1)
  const y = (count: number): number => top + countHeight - (count / most) * (countHeight - 2)
  context.strokeStyle = scene.palette.accent
  context.beginPath()
  let before: Count | undefined
  for (const each of seen) {
    const x = xOf(scene, each.atMs)
    if (before) context.lineTo(x, y(before.count))
    else context.moveTo(x, y(each.count))
    context.lineTo(x, y(each.count))
    before = each
  }
  if (before) context.lineTo(xOf(scene, Math.min(scene.nowMs, endOf(scene))), y(before.count))
  context.stroke()
  context.fillStyle = scene.palette.faint
  context.textAlign = 'left'
  context.fillText(`${before?.count ?? 0} present`, 6, top + countHeight - 2)
}

/** The counts in view, the one before them, and of those that share a pixel the last. */
const countsInView = (scene: Scene, counts: Row['lane']['counts']): readonly Count[] => {
  const seen: Count[] = []
  const toMs = endOf(scene)
  let index = Math.max(0, counts.firstIndex(({ atMs }) => atMs >= scene.viewport.fromMs) - 1)
  let lastX = -Infinity
  for (; index < counts.length; index += 1) {
    const count = counts.at(index)
    if (!count || count.atMs > toMs) break
    const x = Math.round(xOf(scene, count.atMs))
    if (x === lastX) seen.pop()
    seen.push(count)
    lastX = x
  }
  return seen
}
