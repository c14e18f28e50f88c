import { type FanIn } from '../scenario.ts'

/** Messages of 100 bytes for one channel and one subscriber; the rows say what differs. */
export const fanIn: FanIn = {
  type: 'fan-in',
  topics: 1,
  size: 100,
  binary: false,
  read: true,
  subscribers: 1,
  cold: false,
}

export const CPU = 'µs CPU a message'
