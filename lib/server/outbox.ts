import { type Link } from './link.ts'
import { type OutFrame } from './server-serializer.ts'

/** What is sent to one client. */
export interface Outbox {
  readonly send: (frame: OutFrame) => void
  /** From now on frames wait. Each call needs a call of `release`. */
  hold(): void
  /** Sends the waiting frames, if this was the last hold; `first` goes before them. */
  release(first?: readonly OutFrame[]): void
  end(): void
}

interface OutboxOptions {
  readonly link: Link
  /** What may wait for the client, in bytes. */
  readonly maxBufferedBytes: number
  readonly overflow: (bufferedBytes: number) => void
  readonly sent: () => void
}

/** While a join runs, nothing leaves the connection: in Phoenix its process is busy with the join. Likewise when frozen. */
export const outbox = ({ link, maxBufferedBytes, overflow, sent }: OutboxOptions): Outbox => {
  let holds = 0
  let held: readonly OutFrame[] = []
  let waiting: OutFrame[] = []
  let waitingBytes = 0
  let live = true

  const write = (frame: OutFrame): void => {
    link.send(frame)
    sent()
  }

  return {
    send: (frame) => {
      if (!live) return
      if (holds > 0) {
        waiting.push(frame)
        waitingBytes += frame.bytes.byteLength
      } else write(frame)
      const bufferedBytes = waitingBytes + link.bufferedBytes()
      if (bufferedBytes > maxBufferedBytes) overflow(bufferedBytes)
    },
    hold: () => {
      holds += 1
    },
    release: (first = []) => {
      holds -= 1
      held = [...held, ...first]
      if (holds > 0 || !live) return
      const frames = [...held, ...waiting]
      held = []
      waiting = []
      waitingBytes = 0
      for (const frame of frames) write(frame)
    },
    end: () => {
      live = false
      held = []
      waiting = []
    },
  }
}
