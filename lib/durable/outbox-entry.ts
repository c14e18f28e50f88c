/** Why an entry is not sent any more, as plain data that outlives a reload. */
export interface Refusal {
  /** The `_tag` of the error: `PushRefused`, or what the retry policy stopped at; `Expired` for an entry that grew too old. */
  readonly tag: string
  readonly message: string
  /** What the server answered, if it did. */
  readonly response?: unknown
}

/**
 * How an entry is doing. `queued`: stored, and sent when its turn comes. `sending`: attempt 0 is the first. `done`: the
 * server has answered; `response` is undefined if the tab that heard it was closed. `refused`: kept until it is retried
 * or discarded. `discarded`: somebody has taken it out.
 */
export type OutboxState =
  | { readonly status: 'queued' }
  | { readonly status: 'sending'; readonly attempt: number }
  | { readonly status: 'done'; readonly response: unknown }
  | { readonly status: 'refused'; readonly error: Refusal }
  | { readonly status: 'discarded' }

/** An entry of an outbox, as `entries$` shows it. */
export interface OutboxEntry {
  /** By which the server knows it, and `retry` and `discard` too. */
  readonly key: string
  readonly event: string
  readonly payload: unknown
  /** When it was pushed, in milliseconds since 1970. */
  readonly at: number
  readonly state: OutboxState
}
