import { draw } from './draw.ts'
import { type Drawn } from './draw-marks.ts'
import { type Filter } from './filter.ts'
import { type Lane, type Mark } from './lane.ts'
import { layout, type Row, RULER_HEIGHT } from './layout.ts'
import { type Palette, type Range } from './scene.ts'
import { type Parts } from './template.ts'
import { type Timeline } from './timeline.ts'
import { follow, INITIAL_VIEWPORT, reveal, type Viewport } from './viewport.ts'

/** What there is to draw, of which a part is in view. */
export interface Shown {
  readonly timeline: Timeline
  readonly filter: Filter
  /** The number of events and the like, in words. */
  readonly status: string
  /** Where what has not ended is drawn to. */
  readonly nowMs: number
  /** Whether `nowMs` moves on by itself. */
  readonly isLive: boolean
  readonly selected: Mark | undefined
  readonly range: Range | undefined
}

/** How near to a mark a person has to point, in CSS pixels. */
const REACH = 12

/**
 * The picture of a timeline, and where everything in it is. It is drawn at most once in a frame of the screen, when something
 * has changed. Only what is in view is drawn, so that a hundred thousand kept events cost memory and not time.
 */
export class Picture {
  /** The lanes that the filter shows, as they were drawn last. */
  rows: readonly Row[] = []
  private viewport: Viewport = INITIAL_VIEWPORT
  private drawn: readonly Drawn[] = []
  private frame: number | undefined
  private resizing: ResizeObserver | undefined
  private readonly window: Window & typeof globalThis

  constructor(
    private readonly parts: Parts,
    private readonly shown: () => Shown,
  ) {
    this.window = parts.view.ownerDocument.defaultView ?? window
    parts.view.addEventListener('scroll', () => {
      this.refresh()
    })
  }

  /** Begins to draw: the element is in the page. */
  connect(): void {
    this.resizing = new this.window.ResizeObserver(() => {
      this.refresh()
    })
    this.resizing.observe(this.parts.view)
    this.refresh()
  }

  disconnect(): void {
    this.resizing?.disconnect()
    this.resizing = undefined
    if (this.frame !== undefined) this.window.cancelAnimationFrame(this.frame)
    this.frame = undefined
  }

  /** Draws before the screen shows its next frame. */
  refresh(): void {
    if (!this.resizing) return
    this.frame ??= this.window.requestAnimationFrame(() => {
      this.frame = undefined
      this.paint()
    })
  }

  /** Changes what is in view. */
  move(change: (viewport: Viewport, width: number) => Viewport): void {
    this.viewport = change(this.viewport, this.width)
    this.refresh()
  }

  /** Brings a mark into view. */
  reveal(mark: Mark): void {
    this.move((viewport, width) => reveal(viewport, mark.atMs, width))
    const row = this.rows.find(({ lane }) => lane === mark.lane)
    const { view } = this.parts
    if (row && row.top - RULER_HEIGHT < view.scrollTop) view.scrollTop = row.top - RULER_HEIGHT
    if (row && row.bottom > view.scrollTop + view.clientHeight)
      view.scrollTop = row.bottom - view.clientHeight
  }

  get width(): number {
    return Math.max(1, this.parts.view.clientWidth)
  }

  momentAt(x: number): number {
    return this.viewport.fromMs + x * this.viewport.msPerPixel
  }

  laneAt(y: number): Lane | undefined {
    const down = y + this.parts.view.scrollTop
    return y < RULER_HEIGHT
      ? undefined
      : this.rows.find(({ top, bottom }) => down >= top && down < bottom)?.lane
  }

  /** The mark that is nearest to a place, if it is near enough to be meant. */
  markAt(x: number, y: number): Mark | undefined {
    let best: Mark | undefined
    let least = REACH
    for (const each of this.drawn) {
      const distance = Math.hypot(each.x - x, each.y - y)
      if (distance > least) continue
      least = distance
      best = each.mark
    }
    return best
  }

  private paint(): void {
    const { canvas, view, lanes, status, follow: following } = this.parts
    const { width } = this
    const height = Math.max(1, view.clientHeight)
    const shown = this.shown()
    const { timeline, filter, nowMs, selected, range } = shown
    this.rows = layout(timeline.lanes.filter((lane) => filter.showsLane(lane)))
    this.viewport = follow(this.viewport, timeline.fromMs, nowMs, width)
    lanes.style.height = `${this.rows.at(-1)?.bottom ?? 0}px`
    status.textContent = shown.status
    following.setAttribute('aria-pressed', String(this.viewport.following))
    const context = contextOf(canvas, width, height, this.window.devicePixelRatio)
    if (!context) return
    this.drawn = draw(context, {
      rows: this.rows,
      viewport: this.viewport,
      filter,
      nowMs,
      originMs: timeline.fromMs,
      selected,
      range,
      width,
      height,
      scrolled: view.scrollTop,
      palette: paletteOf(this.window.getComputedStyle(view)),
    })
    // States that last grow, and waits count down.
    if (shown.isLive && this.viewport.following) this.refresh()
  }
}

/** A context that counts in CSS pixels, on a canvas that has as many pixels as the screen. */
const contextOf = (
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  ratio: number,
): CanvasRenderingContext2D | null => {
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
  }
  const context = canvas.getContext('2d')
  context?.setTransform(ratio, 0, 0, ratio, 0, 0)
  return context
}

const paletteOf = (style: CSSStyleDeclaration): Palette => {
  const colour = (name: string): string => style.getPropertyValue(`--rp-${name}`).trim() || '#777'
  return { text: colour('text'), faint: colour('faint'), rule: colour('rule'), accent: colour('accent') }
}
