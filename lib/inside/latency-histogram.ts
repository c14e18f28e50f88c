/** Durations in ms. The quantiles are undefined while nothing was measured. */
export interface Latencies {
  readonly count: number
  readonly p50Ms: number | undefined
  readonly p95Ms: number | undefined
  readonly p99Ms: number | undefined
  readonly maxMs: number | undefined
}

/** Quantiles are off by at most this part of themselves. */
const ACCURACY = 0.01
const BASE = (1 + ACCURACY) / (1 - ACCURACY)
/** Values below a microsecond and above a day are not distinguished, which bounds the buckets to about 1,300. */
const LEAST_MS = 0.001
const MOST_MS = 86_400_000

/**
 * Counts durations in buckets whose bounds grow by 2 percent each, so that any number of them fits in a few kilobytes and
 * a quantile is off by 1 percent at most (the idea of DDSketch: Masson, Rim and Lee, 2019).
 */
export class LatencyHistogram {
  private readonly buckets: Map<number, number> = new Map()
  private count = 0
  private maxMs = 0

  /** How much memory it takes: one entry of a Map each. */
  get bucketCount(): number {
    return this.buckets.size
  }

  /** A duration below 0, which a clock that was set back makes, counts as 0. */
  add(ms: number): void {
    const bucket = Math.ceil(Math.log(Math.min(Math.max(ms, LEAST_MS), MOST_MS)) / Math.log(BASE))
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + 1)
    this.count += 1
    this.maxMs = Math.max(this.maxMs, ms)
  }

  /** The duration that the part `q` of all do not exceed. */
  quantile(q: number): number | undefined {
    let left = Math.max(1, Math.ceil(q * this.count))
    for (const [bucket, count] of [...this.buckets].sort(([a], [b]) => a - b)) {
      left -= count
      if (left > 0) continue
      const middleMs = (2 * BASE ** bucket) / (BASE + 1)
      return middleMs < LEAST_MS * BASE ? 0 : Math.min(middleMs, this.maxMs)
    }
    return undefined
  }

  latencies(): Latencies {
    return {
      count: this.count,
      p50Ms: this.quantile(0.5),
      p95Ms: this.quantile(0.95),
      p99Ms: this.quantile(0.99),
      maxMs: this.count === 0 ? undefined : this.maxMs,
    }
  }
}
