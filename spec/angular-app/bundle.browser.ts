import { sizeOfEmber, sizeWithoutClient } from './support/build-ember.ts'

/** What the page starts with: connection, channels, presence, live state, signals, stores, and what RxJS brings for them. The goal is 15. */
const MOST_INITIAL_KB = 27.5
/** What it loads later, for the outbox: `rx-phoenix/durable`, and five times as much for its database. */
const MOST_LAZY_KB = 28

describe('the bundle of the application of Angular and NgRx', () => {
  it(`grows by at most ${MOST_INITIAL_KB} kB for the client, and by ${MOST_LAZY_KB} kB that are loaded later for the outbox`, async () => {
    const [ember, without] = [await sizeOfEmber(), await sizeWithoutClient()]
    const initialKb = ember.initialKb - without.initialKb
    const lazyKb = ember.totalKb - without.totalKb - initialKb
    console.log(
      `initially ${ember.initialKb.toFixed(1)} kB, without a client ${without.initialKb.toFixed(1)} kB: ${initialKb.toFixed(1)} kB more; ` +
        `later ${lazyKb.toFixed(1)} kB more`,
    )
    // Less than phoenix.js would mean that nothing was measured.
    expect(initialKb).toBeGreaterThan(8)
    expect(initialKb).toBeLessThanOrEqual(MOST_INITIAL_KB)
    expect(lazyKb).toBeGreaterThan(5)
    expect(lazyKb).toBeLessThanOrEqual(MOST_LAZY_KB)
  })
})
