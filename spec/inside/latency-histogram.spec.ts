import fc from 'fast-check'
import { LatencyHistogram } from '../../lib/inside/latency-histogram.ts'
import { utf8Length } from '../../lib/inside/utf8-length.ts'

const histogramOf = (durations: readonly number[]): LatencyHistogram => {
  const histogram = new LatencyHistogram()
  for (const ms of durations) histogram.add(ms)
  return histogram
}

describe('LatencyHistogram', () => {
  it('knows nothing at first', () => {
    expect(new LatencyHistogram().latencies()).toEqual({
      count: 0,
      p50Ms: undefined,
      p95Ms: undefined,
      p99Ms: undefined,
      maxMs: undefined,
    })
  })

  it('returns quantiles within 1 percent, for any durations in any order', () => {
    const duration = fc.double({ min: 0.01, max: 86_400_000, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(duration, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, q) => {
          const sorted = [...all].sort((a, b) => a - b)
          const exact = sorted[Math.max(0, Math.ceil(q * all.length) - 1)] ?? NaN
          const shown = histogramOf(all).quantile(q) ?? NaN
          expect(Math.abs(shown - exact) / exact).toBeLessThan(0.01 + 1e-9)
        },
      ),
    )
  })

  it('takes durations of 0, below 0, of no number that makes sense, and beyond a day', () => {
    expect(histogramOf([0, -5, 0]).latencies()).toMatchObject({ count: 3, p50Ms: 0, p99Ms: 0, maxMs: 0 })
    expect(histogramOf([1e12]).quantile(0.5)).toBeLessThan(1e8)
  })

  it('holds a million of them in a bounded number of buckets', () => {
    const histogram = new LatencyHistogram()
    for (let i = 1; i <= 1_000_000; i += 1) histogram.add(i * 7.3)
    expect(histogram.bucketCount).toBeLessThan(1_300)
    expect(histogram.latencies().p50Ms).toBeCloseTo(3_650_000, -5)
  })
})

describe('utf8Length', () => {
  it('is the length of the encoded text, also with a lone surrogate', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(5), (text, cut) => {
        const part = text.slice(cut)
        expect(utf8Length(part)).toBe(new TextEncoder().encode(part).length)
      }),
    )
    for (const text of [
      '',
      'abc',
      'é',
      '€',
      '😀',
      '😀'.slice(0, 1),
      `${'😀'.slice(1)}a`,
      '😀'.slice(0, 1).repeat(2),
    ])
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
  })
})
