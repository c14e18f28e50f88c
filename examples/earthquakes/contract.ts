/** A seismic event, as the feed sends it. */
export interface Earthquake {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly mag: number
  /** Such as `37km NNE of Amboy, Washington`. */
  readonly place: string
}

interface Alert {
  readonly id: string
  readonly mag: number
  readonly place: string
}

/** The channel `feed:earthquakes`: client and server are checked against the same type. */
export interface FeedContract {
  readonly join: {
    /** The last event that the client has seen; null for all from the beginning. */
    readonly params: { readonly last_seen_id: string | null }
    readonly reply: { readonly total: number }
  }
  readonly events: { readonly quake: Earthquake }
}

/** The channel `alerts:quakes`. An alert is known by its id: to raise it again changes nothing. */
export interface AlertsContract {
  readonly pushes: { readonly raise: { readonly payload: Alert; readonly reply: { readonly id: string } } }
}
