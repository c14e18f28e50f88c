import { isLeft } from 'fp-ts/Either'
import { type TraceEvent } from '../index.ts'
import { parseSession } from '../testing/session.ts'
import { type Drawn, draw, type Palette } from './draw.ts'
import { listenToControls } from './controls.ts'
import { sentenceOf } from './details.ts'
import { showDetails } from './details-panel.ts'
import { download } from './download.ts'
import { type Filter, showsLane } from './filter.ts'
import { listen } from './gestures.ts'
import { type Lane, type Mark } from './lane.ts'
import { layout, type Row } from './layout.ts'
import { marbleTestOf } from './marble-test-of.ts'
import { marksBetween, nearest, neighbour } from './selection.ts'
import { sessionOf } from './session-of.ts'
import { type Parts, render } from './template.ts'
import { Timeline } from './timeline.ts'
import { traceOf } from './trace-of.ts'
import { fit, follow, INITIAL_VIEWPORT, pan, reveal, type Viewport, zoom } from './viewport.ts'

/** How near to a mark one has to point, in CSS pixels. */
const REACH = 12

/** A stretch of time on one lane. */
interface Range {
  readonly lane: Lane
  readonly fromMs: number
  readonly toMs: number
}

/**
 * The inside of the element: it holds the timeline and draws it once in a frame of the screen, when something has changed.
 * Only what is in view is drawn, so that a hundred thousand kept events cost memory and not time.
 */
export class InspectorView {
  clock: (() => number) | undefined
  private readonly parts: Parts
  private readonly window: Window & typeof globalThis
  private timeline = new Timeline()
  /** What came while paused. */
  private readonly held: TraceEvent[] = []
  private viewport: Viewport = INITIAL_VIEWPORT
  private rows: readonly Row[] = []
  private drawn: readonly Drawn[] = []
  private selected: Mark | undefined
  private range: Range | undefined
  private paused = false
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
    if (this.frame !== undefined) this.window.cancelAnimationFrame(this.frame)
    this.frame = undefined
  }

  add(event: TraceEvent): void {
    if (this.paused) this.held.push(event)
    else this.timeline.add(event)
    // As many as the timeline would keep.
    if (this.held.length > this.timeline.maxEvents) this.held.shift()
    this.refresh()
  }

  load(text: string): void {
    const session = parseSession(text)
    if (isLeft(session))
      throw new Error(`This is not a recorded session: line ${session.left.line}: ${session.left.reason}.`)
    this.clear()
    for (const event of traceOf(session.right)) this.timeline.add(event)
    this.clock = undefined
    this.showAll()
  }

  save(): string {
    return sessionOf(this.timeline.events, {
      url: 'ws://localhost/socket',
      vsn: '2.0.0',
      recordedAt: new Date(this.timeline.fromMs).toISOString(),
    })
  }

  marbleTest(): string | undefined {
    const range = this.range ?? this.inView()
    if (!range) return undefined
    return marbleTestOf(range.lane.name, marksBetween(range.lane, range.fromMs, range.toMs, this.filter))
  }

  clear(): void {
    this.timeline = new Timeline()
    this.held.length = 0
    this.selected = undefined
    this.range = undefined
    this.showDetails()
    this.refresh()
  }

  private get filter(): Filter {
    return { topic: this.parts.topic.value, event: this.parts.event.value }
  }

  private get nowMs(): number {
    return this.paused ? this.timeline.toMs : Math.max(this.timeline.toMs, this.clock?.() ?? 0)
  }

  private get width(): number {
    return Math.max(1, this.parts.view.clientWidth)
  }

  /** What is in view of the selected topic, or of the first one. */
  private inView(): Range | undefined {
    const lane =
      this.selected?.lane.kind === 'channel'
        ? this.selected.lane
        : this.rows.find(({ lane: { kind } }) => kind === 'channel')?.lane
    const { fromMs, msPerPixel } = this.viewport
    return lane && { lane, fromMs, toMs: fromMs + this.width * msPerPixel }
  }

  private refresh(): void {
    this.frame ??= this.window.requestAnimationFrame(() => {
      this.frame = undefined
      this.paint()
    })
  }

  private paint(): void {
    const { canvas, view, status } = this.parts
    const { timeline, nowMs, width } = this
    this.rows = layout(timeline.lanes.filter((lane) => showsLane(this.filter, lane)))
    const height = Math.max(view.clientHeight, this.rows.at(-1)?.bottom ?? 0)
    const ratio = this.window.devicePixelRatio
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(height * ratio)
      canvas.style.width = `${width}px`
      canvas.style.height = `${height}px`
    }
    this.viewport = follow(this.viewport, nowMs, width)
    const context = canvas.getContext('2d')
    if (!context) return
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.drawn = draw(context, {
      rows: this.rows,
      viewport: this.viewport,
      filter: this.filter,
      nowMs,
      originMs: timeline.fromMs,
      selected: this.selected,
      range: this.range,
      width,
      height,
      palette: this.palette(),
    })
    this.parts.follow.setAttribute('aria-pressed', String(this.viewport.following))
    const dropped = timeline.dropped > 0 ? `, ${timeline.dropped} older ones dropped` : ''
    const held = this.paused ? `, paused (${this.held.length} waiting)` : ''
    status.textContent = `${timeline.events.length} trace events kept${dropped}${held}`
    // States that last grow, and waits count down, while there is a clock to go by.
    if (this.clock && this.viewport.following && !this.paused) this.refresh()
  }

  private palette(): Palette {
    const style = this.window.getComputedStyle(this.parts.view)
    const colour = (name: string): string => style.getPropertyValue(`--rp-${name}`).trim() || '#777'
    return { text: colour('text'), faint: colour('faint'), rule: colour('rule'), accent: colour('accent') }
  }

  private select(mark: Mark | undefined, { scroll = false } = {}): void {
    if (mark === this.selected) return
    this.selected = mark
    if (mark && scroll) this.viewport = reveal(this.viewport, mark.atMs, this.width)
    if (mark) this.parts.live.textContent = sentenceOf(mark, this.timeline.fromMs)
    this.showDetails()
    this.refresh()
  }

  private showDetails(): void {
    showDetails(this.parts.side, this.selected, this.timeline.fromMs)
  }

  private listen(): void {
    const { parts } = this
    listen(parts.canvas, {
      point: (x, y) => {
        this.select(this.markAt(x, y) ?? this.selected)
      },
      click: (x, y) => {
        this.range = undefined
        this.select(this.markAt(x, y))
        this.refresh()
      },
      drag: (fromX, toX, y) => {
        const lane = this.rows.find(({ top, bottom }) => y >= top && y < bottom)?.lane
        if (!lane) return
        const [left, right] = fromX < toX ? [fromX, toX] : [toX, fromX]
        const { fromMs, msPerPixel } = this.viewport
        this.viewport = { ...this.viewport, following: false }
        this.range = { lane, fromMs: fromMs + left * msPerPixel, toMs: fromMs + right * msPerPixel }
        this.refresh()
      },
      pan: (pixels) => {
        this.move(pan(this.viewport, pixels))
      },
      zoom: (factor, x) => {
        this.move(zoom(this.viewport, factor, x))
      },
      step: (step) => {
        this.step(step)
      },
      changeLane: (step) => {
        this.changeLane(step)
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
      zoom: (factor) => {
        this.move(zoom(this.viewport, factor, this.width / 2))
      },
      filter: () => {
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
    this.move(fit(this.timeline.fromMs, this.timeline.toMs, this.width))
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

  private step(step: 1 | -1): void {
    const middleMs = this.viewport.fromMs + (this.width / 2) * this.viewport.msPerPixel
    const first = this.rows
      .map(({ lane }) => nearest(lane, middleMs, this.filter))
      .find((mark) => mark !== undefined)
    const next = this.selected ? neighbour(this.selected, step, this.filter) : first
    if (next) this.select(next, { scroll: true })
  }

  private changeLane(step: 1 | -1): void {
    const { selected } = this
    if (!selected) {
      this.step(step)
      return
    }
    const lanes = this.rows.map(({ lane }) => lane)
    const from = lanes.indexOf(selected.lane)
    const onward = step === 1 ? lanes.slice(from + 1) : lanes.slice(0, Math.max(0, from)).reverse()
    const next = onward
      .map((lane) => nearest(lane, selected.atMs, this.filter))
      .find((mark) => mark !== undefined)
    if (next) this.select(next, { scroll: true })
  }

  private togglePause(): void {
    this.paused = !this.paused
    this.parts.pause.setAttribute('aria-pressed', String(this.paused))
    if (!this.paused) for (const event of this.held.splice(0)) this.timeline.add(event)
    this.refresh()
  }

  private async copy(): Promise<void> {
    const test = this.marbleTest()
    const { live, status } = this.parts
    if (test === undefined) {
      status.textContent = 'There is no topic to make a test of.'
      return
    }
    await this.window.navigator.clipboard.writeText(test)
    live.textContent = 'The marble test is in the clipboard.'
  }

  private async open(file: File): Promise<void> {
    try {
      this.load(await file.text())
    } catch (error) {
      this.parts.status.textContent = (error as Error).message
    }
  }
}
