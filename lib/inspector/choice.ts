import { showDetails } from './details-panel.ts'
import { sentenceOf } from './details.ts'
import { type Step } from './gestures.ts'
import { type Lane, type Mark } from './lane.ts'
import { type Picture, type Shown } from './picture.ts'
import { type Range } from './scene.ts'
import { nearest, neighbour, outermost } from './selection.ts'
import { type Parts } from './template.ts'

/**
 * What a person has chosen: a mark, a lane, or a stretch of time on a lane. A mark that is chosen has its details beside the
 * timeline, and a screen reader announces it.
 */
export class Choice {
  mark: Mark | undefined
  lane: Lane | undefined
  range: Range | undefined
  /** Whether the mark stays chosen when the pointer moves on. */
  private pinned = false
  /** Where a selection by the keyboard began. */
  private anchor: Mark | undefined

  constructor(
    private readonly parts: Parts,
    private readonly picture: Picture,
    private readonly shown: () => Shown,
  ) {}

  /** The lane of whatever is chosen. */
  get chosenLane(): Lane | undefined {
    return this.range?.lane ?? this.mark?.lane ?? this.lane
  }

  /** Chooses nothing. */
  clear(): void {
    this.range = undefined
    this.lane = undefined
    this.anchor = undefined
    this.choose(undefined, false)
    this.showDetails()
    this.picture.refresh()
  }

  point(mark: Mark | undefined): void {
    if (mark && !this.pinned) this.choose(mark, false)
  }

  click(mark: Mark | undefined, lane: Lane | undefined): void {
    this.clear()
    this.lane = lane
    this.choose(mark, mark !== undefined)
    this.showDetails()
  }

  /** Chooses what is on a lane between two moments, whichever is the earlier. */
  stretch(lane: Lane | undefined, ms: number, otherMs: number): void {
    if (!lane) return
    this.range = { lane, fromMs: Math.min(ms, otherMs), toMs: Math.max(ms, otherMs) }
    this.picture.move((viewport) => ({ ...viewport, following: false }))
  }

  /** Moves along the lane, and selects what lies between if asked to. */
  step(step: Step, selecting: boolean): void {
    const { mark: from, picture } = this
    const { filter } = this.shown()
    if (!from) {
      this.goToFirst(
        picture.rows.map(({ lane }) => lane),
        picture.momentAt(picture.width / 2),
      )
      return
    }
    const next = typeof step === 'number' ? neighbour(from, step, filter) : outermost(from.lane, step, filter)
    this.goTo(next)
    if (!selecting) {
      this.endStretch()
      return
    }
    this.anchor ??= from
    this.stretch(from.lane, this.anchor.atMs, (next ?? from).atMs)
  }

  /** Moves to the next lane down (1) or up (-1) that has something on it. */
  changeLane(step: 1 | -1): void {
    const { mark: from } = this
    if (!from) {
      this.step(step, false)
      return
    }
    const lanes = this.picture.rows.map(({ lane }) => lane)
    const index = lanes.indexOf(from.lane)
    this.endStretch()
    this.goToFirst(
      step === 1 ? lanes.slice(index + 1) : lanes.slice(0, Math.max(0, index)).reverse(),
      from.atMs,
    )
  }

  private endStretch(): void {
    this.anchor = undefined
    this.range = undefined
  }

  /** Goes to what is nearest to a moment, on the first of the lanes that has anything to show. */
  private goToFirst(lanes: readonly Lane[], atMs: number): void {
    const { filter } = this.shown()
    this.goTo(lanes.map((lane) => nearest(lane, atMs, filter)).find((mark) => mark !== undefined))
  }

  private goTo(mark: Mark | undefined): void {
    if (!mark) return
    this.choose(mark, true)
    this.picture.reveal(mark)
  }

  private choose(mark: Mark | undefined, pinned: boolean): void {
    this.pinned = pinned
    if (mark === this.mark) return
    this.mark = mark
    if (mark) this.parts.live.textContent = sentenceOf(mark, this.shown().timeline.fromMs)
    this.showDetails()
    this.picture.refresh()
  }

  private showDetails(): void {
    showDetails(this.parts.side, this, this.shown().timeline.fromMs)
  }
}
