/** A channel as the page shows it. */
export interface ShownChannel {
  readonly topic: string
  readonly status: string
  /** Keys with their metas; absent until the server has sent a list. */
  readonly present?: Readonly<Record<string, unknown>>
  /** Absent until the server has sent a live state. */
  readonly state?: unknown
}

/** One message to the page: that all it has is out of date, trace events in their order, or the channels as they are now. */
export type Told =
  | { readonly reset: true }
  | { readonly events: readonly unknown[] }
  | { readonly channels: readonly ShownChannel[] }

/** What the page asks for. */
export type Command =
  | { readonly do: 'join'; readonly topic: string; readonly params: Readonly<Record<string, unknown>> }
  | { readonly do: 'leave'; readonly topic: string }
  | {
      readonly do: 'push'
      readonly topic: string
      readonly event: string
      readonly payload: unknown
      /** Whether to wait for a reply. */
      readonly reply: boolean
    }

/** How a command ended. */
export type Answer =
  { readonly ok: true; readonly response?: unknown } | { readonly ok: false; readonly error: string }
