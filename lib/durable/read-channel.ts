import { Subscription } from 'rxjs'
import { type Channel, type ChannelState } from '../index.ts'

/** What is read of a channel. It ends with its states. */
export interface ChannelReader {
  message(event: string, payload: unknown): void
  state(state: ChannelState): void
  error(error: unknown): void
  complete(): void
}

/** Subscribes to events of a channel and to its states. */
export const readChannel = (
  channel: Channel,
  events: readonly string[],
  reader: ChannelReader,
): Subscription => {
  const reading = new Subscription()
  // The events first, since a server in memory sends messages while the states are being subscribed.
  for (const event of events)
    reading.add(
      channel.on(event).subscribe({
        next: (payload) => {
          reader.message(event, payload)
        },
        error: () => undefined, // the states bring the same error
      }),
    )
  reading.add(
    channel.subscribe({
      next: (state) => {
        reader.state(state)
      },
      error: (error: unknown) => {
        reader.error(error)
      },
      complete: () => {
        reader.complete()
      },
    }),
  )
  return reading
}
