import { lineFit } from './line-fit.ts'

describe('lineFit', () => {
  it('finds the line on which all points lie, without an error', () => {
    const { slope, error } = lineFit([0, 1, 2, 5].map((t) => [t, 7 - 3 * t] as const))
    expect(slope).toBeCloseTo(-3, 12)
    expect(error).toBeCloseTo(0, 12)
  })

  it('says how uncertain the slope is', () => {
    // By hand: the mean is 1, so the slope is (-1 * -1 + 1 * 1) / 2, the sum of squares off the line 2 / 3, over 1 and 2.
    const { slope, error } = lineFit([
      [0, 0],
      [1, 0],
      [2, 2],
    ])
    expect(slope).toBeCloseTo(1, 12)
    expect(error).toBeCloseTo(Math.sqrt(2 / 3 / 2), 12)
  })
})
