import { type Span } from './lane.ts'
import { timeLabel } from './time-label.ts'

/** A state in words; of a wait that goes on, how much of it is left. */
export const spanLabel = ({ status, facts, fromMs, untilMs }: Span, nowMs: number): string => {
  const { retryInMs, cause, rejoined } = facts
  const again = rejoined === true ? ' again' : ''
  const left = typeof retryInMs === 'number' ? Math.max(0, fromMs + retryInMs - nowMs) : undefined
  const wait = left !== undefined && untilMs === undefined ? `, ${timeLabel(left)} left` : ''
  const reason = typeof cause === 'string' ? `: ${cause}` : ''
  return `${status}${again}${wait}${reason}`
}
