/** What share of a run is made before it, for V8 to compile what it needs. */
export const WARM_UP = 0.2
