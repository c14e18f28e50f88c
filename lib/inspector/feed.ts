import { isLeft } from 'fp-ts/Either'
import { type TraceEvent } from '../index.ts'
import { parseSession } from '../testing/session.ts'
import { Kept } from './kept.ts'
import { Timeline } from './timeline.ts'
import { traceOf } from './trace-of.ts'

/** How many events are held back while paused. */
const MAX_WAITING = 100_000

/** The timeline that is shown: what comes live, held back while paused, or a session that was opened in its place. */
export class Feed {
  paused = false
  /** What came while paused. Beyond the bound the oldest go. */
  private readonly waiting: Kept<TraceEvent> = new Kept()
  private missed = 0
  private live = new Timeline()
  private opened: Timeline | undefined

  get timeline(): Timeline {
    return this.opened ?? this.live
  }

  /** Whether a session is shown, so that nothing is added to what is shown. */
  get isSession(): boolean {
    return this.opened !== undefined
  }

  /** What is kept, what was dropped and what waits, in words. */
  get status(): string {
    const { events, dropped } = this.timeline
    const gone = dropped + this.missed
    const parts = [
      `${this.isSession ? 'a session of ' : ''}${events.length} trace events${this.isSession ? '' : ' kept'}`,
      ...(gone > 0 && !this.isSession ? [`${gone} older ones dropped`] : []),
      ...(this.paused && !this.isSession ? [`paused, ${this.waiting.length} waiting`] : []),
    ]
    return parts.join(', ')
  }

  add(event: TraceEvent): void {
    if (!this.paused) {
      this.live.add(event)
      return
    }
    this.waiting.add(event)
    if (this.waiting.length > MAX_WAITING)
      this.missed += this.waiting.dropWhile(() => this.waiting.length > MAX_WAITING)
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    for (const event of this.waiting) this.live.add(event)
    this.waiting.dropWhile(() => true)
  }

  /** Shows a session in place of what comes live, which is kept meanwhile. Throws an Error for a text that is not a session. */
  open(text: string): void {
    const session = parseSession(text)
    if (isLeft(session))
      throw new Error(`This is not a recorded session: line ${session.left.line}: ${session.left.reason}.`)
    const opened = new Timeline()
    for (const event of traceOf(session.right)) opened.add(event)
    this.opened = opened
  }

  /** Closes the session that is shown; without one, drops everything that is kept. */
  clear(): void {
    if (this.opened) this.opened = undefined
    else {
      this.live = new Timeline()
      this.waiting.dropWhile(() => true)
      this.missed = 0
    }
  }
}
