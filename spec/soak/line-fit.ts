/** How a value changes with time: the straight line through its samples, by least squares. */
export interface Fit {
  /** Per unit of time. */
  readonly slope: number
  /** The uncertainty of the slope: one standard error. */
  readonly error: number
}

/** Needs three points at least, and two different times. */
export const lineFit = (points: readonly (readonly [time: number, value: number])[]): Fit => {
  const count = points.length
  const mean = (pick: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / count
  const [time, value] = [mean(([t]) => t), mean(([, v]) => v)]
  const spread = points.reduce((sum, [t]) => sum + (t - time) ** 2, 0)
  const slope = points.reduce((sum, [t, v]) => sum + (t - time) * (v - value), 0) / spread
  const off = points.reduce((sum, [t, v]) => sum + (v - value - slope * (t - time)) ** 2, 0)
  return { slope, error: Math.sqrt(off / (count - 2) / spread) }
}
