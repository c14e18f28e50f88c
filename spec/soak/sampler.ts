/** What was measured at one moment. */
export interface Sample {
  readonly minutes: number
  /** After a garbage collection. */
  readonly heapBytes: number
  readonly rssBytes: number
  /** What keeps the process alive: sockets, timers and so on. */
  readonly handles: number
  readonly pushes: number
  readonly joins: number
  readonly connections: number
  /** Of the pushes of a probe since the last sample. */
  readonly medianMs: number
  readonly p99Ms: number
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN

/** Middle and worst but one percent of what was measured. */
export const summary = (
  latencies: readonly number[],
): { readonly medianMs: number; readonly p99Ms: number } => {
  const sorted = [...latencies].sort((a, b) => a - b)
  return { medianMs: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) }
}
