import { type TraceEvent } from '../../../index.ts'
import { type ShownChannel, type Told } from '../told.ts'

/** What the page does with the messages of the process. */
export interface Listener {
  /** Everything is sent again. */
  readonly reset: () => void
  readonly event: (event: TraceEvent) => void
  readonly channels: (channels: readonly ShownChannel[]) => void
  /** Whether the program is away. */
  readonly lost: (isLost: boolean) => void
}

/** Listens to the program that serves the page. The browser connects again by itself. */
export const listenTo = (listener: Listener): void => {
  const source = new EventSource('events')
  source.onopen = () => {
    listener.lost(false)
  }
  source.onerror = () => {
    listener.lost(true)
  }
  source.onmessage = ({ data }) => {
    const told = JSON.parse(data as string) as Told
    if ('reset' in told) listener.reset()
    else if ('channels' in told) listener.channels(told.channels)
    else for (const event of told.events) listener.event(event as TraceEvent)
  }
}
