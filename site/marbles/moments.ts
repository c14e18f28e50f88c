import { TestScheduler } from 'rxjs/testing'
import { type Line } from './lines-of.ts'

/** What happens in one frame of a lane: letters, and whether the stream ends there. */
export interface Moment {
  readonly at: number
  readonly letters: string
  readonly end?: 'complete' | 'error'
}

/** What one character of a marble string is to RxJS's parser. */
const factor = TestScheduler.parseMarbles('-|', undefined, undefined, false, true)[0]?.frame ?? 1

/** The moments of a marble string, by RxJS's own parser. */
export const momentsOf = ({ marbles }: Pick<Line, 'marbles'>): readonly Moment[] => {
  const byFrame: Map<number, Moment> = new Map()
  for (const { frame, notification } of TestScheduler.parseMarbles(
    marbles,
    undefined,
    undefined,
    false,
    true,
  )) {
    const at = frame / factor
    const letters = byFrame.get(at)?.letters ?? ''
    byFrame.set(
      at,
      notification.kind === 'N'
        ? { at, letters: letters + String(notification.value) }
        : { at, letters, end: notification.kind === 'C' ? 'complete' : 'error' },
    )
  }
  return [...byFrame.values()]
}

/** From when until when a subscription lasts. */
export const spanOf = ({
  marbles,
}: Pick<Line, 'marbles'>): { readonly from: number; readonly to: number } => {
  const { subscribedFrame, unsubscribedFrame } = TestScheduler.parseMarblesAsSubscriptions(marbles, true)
  return { from: subscribedFrame / factor, to: unsubscribedFrame / factor }
}
