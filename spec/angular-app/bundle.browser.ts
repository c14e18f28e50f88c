import { sizeOfEmber, sizeWithoutClient } from './support/build-ember.ts'

/** What it is today, with what RxJS brings for it. The goal is 15; the core alone has more than that. */
const MOST_KB = 26

describe('the bundle of the application of Angular and NgRx', () => {
  it('grows by at most 26 kB for a client with presence, live state, signals and stores', async () => {
    const [ember, without] = [await sizeOfEmber(), await sizeWithoutClient()]
    const grownKb = ember.totalKb - without.totalKb
    console.log(
      `with the client ${ember.totalKb.toFixed(1)} kB, without ${without.totalKb.toFixed(1)} kB, more ${grownKb.toFixed(1)} kB`,
    )
    // Less than phoenix.js would mean that nothing was measured.
    expect(grownKb).toBeGreaterThan(8)
    expect(grownKb).toBeLessThanOrEqual(MOST_KB)
  })
})
