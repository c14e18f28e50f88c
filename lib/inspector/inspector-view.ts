import { type TraceEvent } from '../index.ts'
import { Choice } from './choice.ts'
import { listenToControls } from './controls.ts'
import { copiedTest } from './copied-test.ts'
import { download } from './download.ts'
import { Feed } from './feed.ts'
import { type Filter, filterOf } from './filter.ts'
import { listen } from './gestures.ts'
import { marbleTestOf } from './marble-test-of.ts'
import { Picture, type Shown } from './picture.ts'
import { sessionOf } from './session-of.ts'
import { type Parts, render } from './template.ts'
import { fit, INITIAL_VIEWPORT, pan, zoom } from './viewport.ts'

/** The inside of the element: what it shows, and what each gesture and each control does. */
export class InspectorView {
  private clock: (() => number) | undefined
  private filter: Filter = filterOf('', '')
  private readonly feed = new Feed()
  private readonly parts: Parts
  private readonly picture: Picture
  private readonly choice: Choice

  constructor(root: ShadowRoot) {
    const shown = (): Shown => this.shown()
    this.parts = render(root)
    this.picture = new Picture(this.parts, shown)
    this.choice = new Choice(this.parts, this.picture, shown)
    this.choice.clear()
    this.listenToGestures()
    this.listenToControls()
  }

  connect(): void {
    this.picture.connect()
  }

  disconnect(): void {
    this.picture.disconnect()
  }

  add(event: TraceEvent): void {
    this.feed.add(event)
    this.picture.refresh()
  }

  setClock(clock: (() => number) | undefined): void {
    this.clock = clock
    this.picture.refresh()
  }

  load(text: string): void {
    this.feed.open(text)
    this.choice.clear()
    this.parts.clear.textContent = 'Close session'
    this.showAll()
  }

  save(): string {
    return sessionOf(this.feed.timeline.events)
  }

  /** Of the selection; without one, of what is in view of the chosen lane or else of the first channel. */
  marbleTest(): string | undefined {
    const { picture, choice } = this
    const lane = choice.chosenLane ?? picture.rows.find(({ lane: { kind } }) => kind === 'channel')?.lane
    if (lane?.kind !== 'channel') return undefined
    const { fromMs, toMs } = choice.range ?? {
      fromMs: picture.momentAt(0),
      toMs: picture.momentAt(picture.width),
    }
    return marbleTestOf({ lane, fromMs, toMs }, this.filter)
  }

  clear(): void {
    const wasSession = this.feed.isSession
    this.feed.clear()
    this.choice.clear()
    this.parts.clear.textContent = 'Clear'
    if (wasSession) this.picture.move(() => INITIAL_VIEWPORT)
  }

  private shown(): Shown {
    const { feed, filter, clock, choice } = this
    const { timeline, status } = feed
    const isLive = clock !== undefined && !feed.paused && !feed.isSession
    return {
      timeline,
      filter,
      status,
      nowMs: isLive ? Math.max(timeline.toMs, clock()) : timeline.toMs,
      isLive,
      selected: choice.mark,
      range: choice.range,
    }
  }

  private listenToGestures(): void {
    const { parts, picture, choice } = this
    listen(parts.canvas, {
      point: (x, y) => {
        choice.point(picture.markAt(x, y))
      },
      click: (x, y) => {
        choice.click(picture.markAt(x, y), picture.laneAt(y))
      },
      drag: (fromX, toX, y) => {
        choice.stretch(picture.laneAt(y), picture.momentAt(fromX), picture.momentAt(toX))
      },
      pan: (pixels) => {
        picture.move((viewport) => pan(viewport, pixels))
      },
      zoom: (factor, x) => {
        picture.move((viewport) => zoom(viewport, factor, x))
      },
      step: (step, selecting) => {
        choice.step(step, selecting)
      },
      changeLane: (step) => {
        choice.changeLane(step)
      },
      pause: () => {
        this.togglePause()
      },
      copy: () => {
        void this.copy()
      },
      unselect: () => {
        choice.clear()
      },
    })
  }

  private listenToControls(): void {
    const { parts, picture } = this
    listenToControls(parts, {
      pause: () => {
        this.togglePause()
      },
      follow: () => {
        picture.move((viewport) => ({ ...viewport, following: !viewport.following }))
      },
      fit: () => {
        this.showAll()
      },
      move: (share) => {
        picture.move((viewport, width) => pan(viewport, share * width))
      },
      zoom: (factor) => {
        picture.move((viewport, width) => zoom(viewport, factor, width / 2))
      },
      filter: () => {
        this.filter = filterOf(parts.topic.value, parts.event.value)
        picture.refresh()
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

  private showAll(): void {
    const { fromMs, toMs } = this.feed.timeline
    this.picture.move((_, width) => fit(fromMs, toMs, width))
  }

  private togglePause(): void {
    if (this.feed.paused) this.feed.resume()
    else this.feed.pause()
    this.parts.pause.setAttribute('aria-pressed', String(this.feed.paused))
    this.picture.refresh()
  }

  private async copy(): Promise<void> {
    const test = this.marbleTest()
    const { live, side } = this.parts
    live.textContent = await copiedTest(side, side.ownerDocument.defaultView?.navigator ?? navigator, test)
  }

  private async open(file: File): Promise<void> {
    const { live, side } = this.parts
    try {
      this.load(await file.text())
    } catch (error) {
      const { message } = error as Error
      side.textContent = message
      live.textContent = message
    }
  }
}
