/** Why an entry is not sent any longer, as plain data that survives a reload. */
export interface Refusal {
  /** The `_tag` of the error: `PushRefused`, the last error before the policy stopped, or `Expired` after `maxAgeMs`. */
  readonly tag: string
  readonly message: string
  /** The response of the server, if there was one. */
  readonly response?: unknown
}

/**
 * The state of an entry. `queued`: stored, and sent when its turn comes. `sending`: pushed, or waiting for the join; attempt 0 is
 * the first. `done`: the server has replied; `response` is undefined if the tab that received the reply was closed. `refused`:
 * stored until it is retried or discarded. `discarded`: removed by the application.
 */
export type OutboxState =
  | { readonly status: 'queued' }
  | { readonly status: 'sending'; readonly attempt: number }
  | { readonly status: 'done'; readonly response: unknown }
  | { readonly status: 'refused'; readonly error: Refusal }
  | { readonly status: 'discarded' }

/** An entry of an outbox, as `entries$` shows it. */
export interface OutboxEntry {
  /** The idempotency key, which also identifies the entry for `retry` and `discard`. */
  readonly key: string
  readonly event: string
  readonly payload: unknown
  /** When it was pushed, in milliseconds since 1970. */
  readonly at: number
  readonly state: OutboxState
}
