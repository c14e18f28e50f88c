import { type Filter } from './filter.ts'
import { type Lane, type Mark } from './lane.ts'
import { type Row } from './layout.ts'
import { type Viewport } from './viewport.ts'

/** The colours of a theme. */
export interface Palette {
  readonly text: string
  readonly faint: string
  readonly rule: string
  readonly accent: string
}

/** A stretch of time on one lane. */
export interface Range {
  readonly lane: Lane
  readonly fromMs: number
  readonly toMs: number
}

/** Everything that a picture of the timeline depends on. Sizes are in CSS pixels. */
export interface Scene {
  readonly rows: readonly Row[]
  readonly viewport: Viewport
  readonly filter: Filter
  /** Where what has not ended is drawn to. */
  readonly nowMs: number
  /** Times on the ruler count from here. */
  readonly originMs: number
  readonly selected: Mark | undefined
  readonly range: Range | undefined
  readonly width: number
  readonly height: number
  /** How far the lanes are scrolled up. */
  readonly scrolled: number
  readonly palette: Palette
}

/** Where a moment is in the picture. */
export const xOf = ({ viewport }: Scene, atMs: number): number =>
  (atMs - viewport.fromMs) / viewport.msPerPixel

/** The moment at the right edge. */
export const endOf = ({ viewport, width }: Scene): number => viewport.fromMs + width * viewport.msPerPixel
