import { type Scenario } from '../scenario.ts'

/** Feeds and the outbox. */
export const durable: readonly Scenario[] = [
  {
    type: 'feed',
    name: 'feed 100 B',
    unit: 'times the CPU of `on` a message',
    n: 200_000,
    handled: false,
    clients: ['rx'],
    goal: { atMost: 1.3 },
  },
  {
    type: 'feed',
    name: 'feed 100 B, processWith',
    unit: 'times the CPU of `on` a message',
    n: 100_000,
    handled: true,
    clients: ['rx'],
    goal: {},
  },
  {
    type: 'outbox rate',
    name: 'outbox on LevelDB',
    unit: 'pushes a second, in order',
    n: 5_000,
    clients: ['rx'],
    goal: {},
  },
  {
    type: 'outbox cost',
    name: 'outbox on LevelDB, one by one',
    unit: 'times the CPU of a plain push',
    n: 2_000,
    clients: ['rx'],
    goal: {},
  },
  {
    type: 'outbox heap',
    name: 'heap of an outbox',
    unit: 'kB an entry that waits, of 100,000',
    n: 100_000,
    quickly: 10,
    clients: ['rx'],
    goal: {},
  },
]
