import { type Profiled } from './profile.ts'

/** What one run of one client gave. */
export interface Measured {
  /** In the unit of the scenario. */
  readonly value: number
  /** Whether everything came, in order. */
  readonly correct: boolean
  /** Where the time went, if that was asked for. */
  readonly profile?: Profiled | undefined
}
