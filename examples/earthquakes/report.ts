import { type DayStatistics } from './daily-statistics.ts'
import { type Earthquake } from './contract.ts'

/** What is done to the job in the middle of its work. */
export type Trouble = 'cut' | 'kill -9'

/** What happens while the job runs, as the server and the process that started the job see it. */
export type Report =
  /** A push came, perhaps one that had come before. */
  | { readonly type: 'received' }
  /** The key of a push was new, and what it asks for has been done. */
  | { readonly type: 'counted'; readonly quake: Earthquake }
  | { readonly type: 'alerted'; readonly id: string }
  /** The first event of another day was counted. */
  | { readonly type: 'day'; readonly day: DayStatistics }
  /** The job has printed a line. */
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'trouble'; readonly trouble: Trouble }
