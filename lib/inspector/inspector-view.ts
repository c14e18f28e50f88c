import { type TraceEvent } from '../index.ts'
import { copiedTest } from './copied-test.ts'
import { listenToControls } from './controls.ts'
import { sentenceOf } from './details.ts'
import { showDetails } from './details-panel.ts'
import { download } from './download.ts'
import { draw } from './draw.ts'
import { type Drawn } from './draw-marks.ts'
import { Feed } from './feed.ts'
import { type Filter, filterOf } from './filter.ts'
import { listen, type Step } from './gestures.ts'
import { type Lane, type Mark } from './lane.ts'
import { layout, type Row, RULER_HEIGHT } from './layout.ts'
import { marbleTestOf } from './marble-test-of.ts'
import { type Palette, type Range } from './scene.ts'
import { marksBetween, nearest, neighbour, outermost } from './selection.ts'
import { sessionOf } from './session-of.ts'
import { type Parts, render } from './template.ts'
import { fit, follow, INITIAL_VIEWPORT, pan, reveal, type Viewport, zoom } from './viewport.ts'

/** How near to a mark a person has to point, in CSS pixels. */
const REACH = 12

/**
 * The inside of the element. It holds the feed and draws it at most once in a frame of the screen, when something has
 * changed. Only what is in view is drawn, so that a hundred thousand kept events cost memory and not time.
 */
export class InspectorView {
  private clock: (() => number) | undefined
  private readonly parts: Parts
  private readonly window: Window & typeof globalThis
  private readonly feed = new Feed()
  private viewport: Viewport = INITIAL_VIEWPORT
  private filter: Filter = filterOf('', '')
  private rows: readonly Row[] = []
  private drawn: readonly Drawn[] = []
  private selected: Mark | undefined
  /** Whether the selected mark stays selected when the pointer moves on. */
  private pinned = false
  private lane: Lane | undefined
  private range: Range | undefined
  /** Where a selection by the keyboard began. */
  private anchor: Mark | undefined
  private frame: number | undefined
  private resizing: ResizeObserver | undefined

  constructor(root: ShadowRoot) {
    this.parts = render(root)
    this.window = root.ownerDocument.defaultView ?? window
    this.listen()
    this.showDetails()
  }

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

  add(event: TraceEvent): void {
    this.feed.add(event)
    this.refresh()
  }

  setClock(clock: (() => number) | undefined): void {
    this.clock = clock
    this.refresh()
  }

  load(text: string): void {
    this.feed.open(text)
    this.unselect()
    this.parts.clear.textContent = 'Close session'
    this.showAll()
  }

  save(): string {
    return sessionOf(this.feed.timeline.events)
  }

  marbleTest(): string | undefined {
    const range = this.range ?? this.inView()
    if (range?.lane.kind !== 'channel') return undefined
    return marbleTestOf(range.lane.name, marksBetween(range.lane, range.fromMs, range.toMs, this.filter))
  }

  clear(): void {
    const wasSession = this.feed.isSession
    this.feed.clear()
    this.unselect()
    this.parts.clear.textContent = 'Clear'
    if (wasSession) this.move(INITIAL_VIEWPORT)
  }

  private get originMs(): number {
    return this.feed.timeline.fromMs
  }

  private get nowMs(): number {
    const { timeline, paused, isSession } = this.feed
    return paused || isSession ? timeline.toMs : Math.max(timeline.toMs, this.clock?.() ?? 0)
  }

  private get width(): number {
    return Math.max(1, this.parts.view.clientWidth)
  }

  /** What is in view of the selected topic, or of the first one. */
  private inView(): Range | undefined {
    const chosen = this.selected?.lane ?? this.lane
    const lane = chosen ?? this.rows.find(({ lane: { kind } }) => kind === 'channel')?.lane
    const { fromMs, msPerPixel } = this.viewport
    return lane && { lane, fromMs, toMs: fromMs + this.width * msPerPixel }
  }

  private refresh(): void {
    if (!this.resizing) return
    this.frame ??= this.window.requestAnimationFrame(() => {
      this.frame = undefined
      this.paint()
    })
  }

  private paint(): void {
    const { canvas, view, lanes, status, follow: following } = this.parts
    const { nowMs, width } = this
    this.rows = layout(this.feed.timeline.lanes.filter((lane) => this.filter.showsLane(lane)))
    lanes.style.height = `${this.rows.at(-1)?.bottom ?? 0}px`
    const height = Math.max(1, view.clientHeight)
    const ratio = this.window.devicePixelRatio
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(height * ratio)
      canvas.style.width = `${width}px`
      canvas.style.height = `${height}px`
    }
    this.viewport = follow(this.viewport, this.originMs, nowMs, width)
    const context = canvas.getContext('2d')
    if (!context) return
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.drawn = draw(context, {
      rows: this.rows,
      viewport: this.viewport,
      filter: this.filter,
      nowMs,
      originMs: this.originMs,
      selected: this.selected,
      range: this.range,
      width,
      height,
      scrolled: view.scrollTop,
      palette: this.palette(),
    })
    following.setAttribute('aria-pressed', String(this.viewport.following))
    status.textContent = this.feed.status
    // States that last grow, and waits count down, while there is a clock to go by.
    if (this.clock && this.viewport.following && !this.feed.paused && !this.feed.isSession) this.refresh()
  }

  private palette(): Palette {
    const style = this.window.getComputedStyle(this.parts.view)
    const colour = (name: string): string => style.getPropertyValue(`--rp-${name}`).trim() || '#777'
    return { text: colour('text'), faint: colour('faint'), rule: colour('rule'), accent: colour('accent') }
  }

  private select(mark: Mark | undefined, pinned: boolean): void {
    this.pinned = pinned
    if (mark === this.selected) return
    this.selected = mark
    if (mark) this.parts.live.textContent = sentenceOf(mark, this.originMs)
    this.showDetails()
    this.refresh()
  }

  private unselect(): void {
    this.range = undefined
    this.lane = undefined
    this.anchor = undefined
    this.select(undefined, false)
    this.showDetails()
    this.refresh()
  }

  private showDetails(): void {
    showDetails(this.parts.side, { mark: this.selected, lane: this.lane }, this.originMs)
  }

  private listen(): void {
    const { parts } = this
    parts.view.addEventListener('scroll', () => {
      this.refresh()
    })
    listen(parts.canvas, {
      point: (x, y) => {
        if (!this.pinned) this.select(this.markAt(x, y) ?? this.selected, false)
      },
      click: (x, y) => {
        const mark = this.markAt(x, y)
        this.unselect()
        this.lane = this.laneAt(y)
        this.select(mark, mark !== undefined)
        this.showDetails()
      },
      drag: (fromX, toX, y) => {
        this.selectRange(this.laneAt(y), ...sorted(this.momentAt(fromX), this.momentAt(toX)))
      },
      pan: (pixels) => {
        this.move(pan(this.viewport, pixels))
      },
      zoom: (factor, x) => {
        this.move(zoom(this.viewport, factor, x))
      },
      step: (step, selecting) => {
        this.step(step, selecting)
      },
      changeLane: (step) => {
        this.changeLane(step)
      },
      pause: () => {
        this.togglePause()
      },
      copy: () => {
        void this.copy()
      },
      unselect: () => {
        this.unselect()
      },
    })
    listenToControls(parts, {
      pause: () => {
        this.togglePause()
      },
      follow: () => {
        this.move({ ...this.viewport, following: !this.viewport.following })
      },
      fit: () => {
        this.showAll()
      },
      move: (share) => {
        this.move(pan(this.viewport, share * this.width))
      },
      zoom: (factor) => {
        this.move(zoom(this.viewport, factor, this.width / 2))
      },
      filter: () => {
        this.filter = filterOf(parts.topic.value, parts.event.value)
        this.refresh()
      },
      copy: () => {
        void this.copy()
      },
      save: () => {
        download(parts.save.ownerDocument, 'session.ndjson', this.save())
      },
      open: (file) => {
        void this.open(file)
      },
      clear: () => {
        this.clear()
      },
    })
  }

  private move(viewport: Viewport): void {
    this.viewport = viewport
    this.refresh()
  }

  private showAll(): void {
    const { fromMs, toMs } = this.feed.timeline
    this.move(fit(fromMs, toMs, this.width))
  }

  private momentAt(x: number): number {
    return this.viewport.fromMs + x * this.viewport.msPerPixel
  }

  private laneAt(y: number): Lane | undefined {
    const down = y + this.parts.view.scrollTop
    return y < RULER_HEIGHT
      ? undefined
      : this.rows.find(({ top, bottom }) => down >= top && down < bottom)?.lane
  }

  private markAt(x: number, y: number): Mark | undefined {
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

  private selectRange(lane: Lane | undefined, fromMs: number, toMs: number): void {
    if (!lane) return
    this.viewport = { ...this.viewport, following: false }
    this.range = { lane, fromMs, toMs }
    this.refresh()
  }

  /** Selects a mark and brings it into view. */
  private goTo(mark: Mark | undefined): void {
    if (!mark) return
    this.select(mark, true)
    this.viewport = reveal(this.viewport, mark.atMs, this.width)
    const row = this.rows.find(({ lane }) => lane === mark.lane)
    const { view } = this.parts
    if (row && row.top - RULER_HEIGHT < view.scrollTop) view.scrollTop = row.top - RULER_HEIGHT
    if (row && row.bottom > view.scrollTop + view.clientHeight)
      view.scrollTop = row.bottom - view.clientHeight
  }

  private step(step: Step, selecting: boolean): void {
    const { selected, filter } = this
    if (!selected) {
      const middleMs = this.momentAt(this.width / 2)
      const found = this.rows.map(({ lane }) => nearest(lane, middleMs, filter))
      this.goTo(found.find((mark) => mark !== undefined))
      return
    }
    const next =
      typeof step === 'number' ? neighbour(selected, step, filter) : outermost(selected.lane, step, filter)
    this.goTo(next)
    if (!selecting) {
      this.anchor = undefined
      this.range = undefined
      return
    }
    this.anchor ??= selected
    this.selectRange(selected.lane, ...sorted(this.anchor.atMs, (next ?? selected).atMs))
  }

  private changeLane(step: 1 | -1): void {
    const { selected } = this
    if (!selected) {
      this.step(step, false)
      return
    }
    const lanes = this.rows.map(({ lane }) => lane)
    const from = lanes.indexOf(selected.lane)
    const onward = step === 1 ? lanes.slice(from + 1) : lanes.slice(0, Math.max(0, from)).reverse()
    this.anchor = undefined
    this.range = undefined
    const found = onward.map((lane) => nearest(lane, selected.atMs, this.filter))
    this.goTo(found.find((mark) => mark !== undefined))
  }

  private togglePause(): void {
    if (this.feed.paused) this.feed.resume()
    else this.feed.pause()
    this.parts.pause.setAttribute('aria-pressed', String(this.feed.paused))
    this.refresh()
  }

  private async copy(): Promise<void> {
    const test = this.marbleTest()
    const { live, side } = this.parts
    live.textContent = await copiedTest(side, this.window.navigator, test)
  }

  private async open(file: File): Promise<void> {
    try {
      this.load(await file.text())
    } catch (error) {
      showProblem(this.parts, (error as Error).message)
    }
  }
}

const sorted = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a])

const showProblem = ({ side, live }: Parts, message: string): void => {
  side.textContent = message
  live.textContent = message
}
