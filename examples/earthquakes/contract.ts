/** A seismic event, as the feed sends it. */
export interface Earthquake {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly mag: number
  /** Such as `37km NNE of Amboy, Washington`. */
  readonly place: string
}

/** The channel `feed:earthquakes`: client and server are checked against the same type. */
export interface FeedContract {
  readonly join: {
    /** The event after which to continue; null for all from the beginning. */
    readonly params: { readonly last_seen_id: string | null }
    readonly reply: { readonly total: number }
  }
  readonly events: { readonly quake: Earthquake }
}

interface ReportPush {
  readonly payload: Earthquake & { readonly idempotency_key: string }
  readonly reply: object
}

/** The channel `reports:quakes`. It takes each key once: a push that comes again gets the first answer and changes nothing. */
export interface ReportsContract {
  readonly pushes: { readonly count: ReportPush; readonly alert: ReportPush }
}
