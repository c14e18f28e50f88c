export interface Quake {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly mag: number
}

/** The channel `feed:quakes`: reports as they arrive, which is not the order in which the earth shook. */
export interface FeedContract {
  readonly events: { readonly quake: Quake }
}

export interface WindowSummary {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly maxMag: number
}

/** The channel `activity:quakes`. A window is known by its `from`, a correction by its `id`: either may come twice. */
export interface ActivityContract {
  readonly pushes: {
    readonly window: { readonly payload: WindowSummary; readonly reply: object }
    readonly correct: {
      readonly payload: { readonly id: string; readonly missed: readonly number[] }
      readonly reply: object
    }
  }
}
