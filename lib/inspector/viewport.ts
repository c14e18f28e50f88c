/** The part of the timeline that is in view. */
export interface Viewport {
  readonly fromMs: number
  readonly msPerPixel: number
  /** Keeps the newest event in view. */
  readonly following: boolean
}

export const INITIAL_VIEWPORT: Viewport = { fromMs: 0, msPerPixel: 10, following: true }

const CLOSEST = 0.02
const FARTHEST = 60_000

/** Zooms around the moment under a point, which stays where it is. */
export const zoom = (viewport: Viewport, factor: number, atX: number): Viewport => {
  const msPerPixel = Math.min(FARTHEST, Math.max(CLOSEST, viewport.msPerPixel * factor))
  const atMs = viewport.fromMs + atX * viewport.msPerPixel
  return { ...viewport, msPerPixel, fromMs: atMs - atX * msPerPixel }
}

/** Moves the view by so many pixels. Moving back stops following. */
export const pan = (viewport: Viewport, pixels: number): Viewport => ({
  ...viewport,
  fromMs: viewport.fromMs + pixels * viewport.msPerPixel,
  following: viewport.following && pixels > 0,
})

/** If the view follows: puts the beginning near the left edge, or the newest moment near the right one if it is farther on. */
export const follow = (viewport: Viewport, beganMs: number, nowMs: number, width: number): Viewport => {
  const { following, msPerPixel } = viewport
  const fromMs = Math.max(beganMs - width * 0.02 * msPerPixel, nowMs - width * 0.92 * msPerPixel)
  return following ? { ...viewport, fromMs } : viewport
}

/** The whole of what is kept. */
export const fit = (fromMs: number, toMs: number, width: number): Viewport => {
  const msPerPixel = Math.min(FARTHEST, Math.max(CLOSEST, (toMs - fromMs) / Math.max(1, width * 0.9)))
  return { fromMs: fromMs - width * 0.05 * msPerPixel, msPerPixel, following: false }
}

/** Brings a moment into view with as little movement as possible. */
export const reveal = (viewport: Viewport, atMs: number, width: number): Viewport => {
  const margin = width * 0.1 * viewport.msPerPixel
  const toMs = viewport.fromMs + width * viewport.msPerPixel
  if (atMs >= viewport.fromMs + margin && atMs <= toMs - margin) return viewport
  return { ...viewport, following: false, fromMs: atMs - (width * viewport.msPerPixel) / 2 }
}
