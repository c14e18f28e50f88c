import fc from 'fast-check'
import { feedActions, feedSetups } from './feed-history.ts'
import { FeedWorld } from './feed-world.ts'
import { outboxActions, outboxSetups } from './outbox-history.ts'
import { OutboxWorld } from './outbox-world.ts'

const { DURABLE_RUNS, DURABLE_SEED, DURABLE_PATH } = process.env

/** `DURABLE_RUNS=200000` runs longer; `DURABLE_SEED=… DURABLE_PATH=…`, as a failure prints them, runs that one again. */
const parameters = {
  numRuns: Number(DURABLE_RUNS ?? 300),
  seed: DURABLE_SEED === undefined ? Date.now() & 0x7fffffff : Number(DURABLE_SEED),
  ...(DURABLE_PATH === undefined ? {} : { path: DURABLE_PATH }),
}

/** Fails with what is wrong, after the history was made as short as it can be. */
const holds = (wrong: readonly string[]): void => {
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

describe(`histories of durable streams (DURABLE_SEED=${parameters.seed})`, () => {
  it('lose and repeat nothing of a feed, and save no more than is done', () => {
    fc.assert(
      fc.property(feedSetups, feedActions, (setup, actions) => {
        holds(new FeedWorld(setup).play(actions))
      }),
      parameters,
    )
  }, 600_000)
  it('send each entry of an outbox that was stored, once by its key and in order', async () => {
    await fc.assert(
      fc.asyncProperty(outboxSetups, outboxActions, async (setup, actions) => {
        holds(await new OutboxWorld(setup).play(actions))
      }),
      parameters,
    )
  }, 600_000)
})
