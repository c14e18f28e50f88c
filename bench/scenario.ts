import { type ClientName } from './clients/names.ts'

/** What is measured, and how much of it. `n` counts units: messages, pushes, joins, sockets, or starts of a process. */
export type Scenario = {
  readonly name: string
  readonly unit: string
  readonly n: number
  readonly goal: Goal
  /** Who takes part. Default: all. */
  readonly clients?: readonly ClientName[]
  /** What the client `rx` does besides. */
  readonly besides?: 'decode' | 'trace'
  /** So many times less in a quick run. Default: 10. */
  readonly quickly?: number
} & (
  | FanIn
  | { readonly type: 'push'; readonly inFlight: number }
  | { readonly type: 'join' | 'first joins' | 'rejoin' | 'first rejoins' | 'heap' | 'pending' }
  | {
      readonly type: 'sockets'
      /** Of this package, in a process of its own, in place of the bare one. */
      readonly embedded: boolean
    }
  | {
      readonly type: 'feed'
      /** By `processWith`. */
      readonly handled: boolean
    }
  | { readonly type: 'outbox rate' | 'outbox cost' | 'outbox heap' }
  | Alone
)

export interface FanIn {
  readonly type: 'fan-in'
  readonly topics: number
  /** Bytes of a payload, roughly. */
  readonly size: number
  readonly binary: boolean
  /** False: the messages are of an event that nobody listens to. */
  readonly read: boolean
  /** How many listen to the event. */
  readonly subscribers: number
  /** Without a warm-up: the messages are the first of the process. */
  readonly cold: boolean
}

/** What opens no client in the process that measures. */
export type Alone =
  | { readonly type: 'presence' | 'patches' | 'import' | 'import over rxjs and ws' | 'command line' }
  | { readonly type: 'bytes in Angular' | 'growth for es2020' | 'CPU for es2020' }
  | { readonly type: 'until joined'; readonly by: 'import' | 'require' }
  | {
      readonly type: 'bytes'
      readonly build: 'production' | 'development'
      readonly withPresence: boolean
    }

/** At most so many times what `raw` or phoenix.js needs, or so much at all. */
export interface Goal {
  readonly raw?: number
  readonly phoenix?: number
  readonly atMost?: number
}
