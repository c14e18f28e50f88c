import { type Measured } from '../measured.ts'
import { type Scenario } from '../scenario.ts'
import { feedAgainstOn } from './feed-against-on.ts'
import { outboxCost, outboxHeap, outboxRate } from './outbox-on-level.ts'

/** Runs a scenario of `rx-phoenix/durable` against the bench server; undefined if it is another one. */
export const measureDurable = async (scenario: Scenario, url: string): Promise<Measured | undefined> => {
  switch (scenario.type) {
    case 'feed':
      return feedAgainstOn(url, scenario.n, scenario.handled)
    case 'outbox rate':
      return outboxRate(url, scenario.n)
    case 'outbox cost':
      return outboxCost(url, scenario.n)
    case 'outbox heap':
      return outboxHeap(url, scenario.n)
    default:
      return undefined
  }
}
