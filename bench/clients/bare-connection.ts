import { WebSocket } from 'ws'
import { type Frame } from './frame.ts'

interface BareConnectionOptions {
  readonly url: string
  /** Told of each message that is no reply; bytes as a view of the frame. */
  readonly heard: (topic: string, event: string, payload: unknown) => void
  /** A connection that was cut is open again. */
  readonly reopened: () => void
}

export interface BareConnection {
  readonly open: () => Promise<void>
  readonly close: () => void
  /** Sends one message and gives its ref. Without a `joinRef` that is its ref too, as a join has it. */
  readonly request: (
    joinRef: string | undefined,
    topic: string,
    event: string,
    payload: unknown,
    replied: (response: unknown) => void,
  ) => string
  /** Nobody waits for the reply any more. */
  readonly forget: (ref: string) => void
}

/** `ws`, `JSON.parse` and a table of replies: what both yardsticks are made of. It dials anew when it is cut. */
export const bareConnection = ({ url, heard, reopened }: BareConnectionOptions): BareConnection => {
  const replies: Map<string, (response: unknown) => void> = new Map()
  let nextRef = 1
  let closed = false
  let ws: WebSocket

  const receive = (data: Buffer, isBinary: boolean): void => {
    if (isBinary) {
      const topicEnd = 3 + (data[1] ?? 0)
      const eventEnd = topicEnd + (data[2] ?? 0)
      const topic = data.toString('latin1', 3, topicEnd)
      heard(topic, data.toString('latin1', topicEnd, eventEnd), data.subarray(eventEnd))
      return
    }
    const [, ref, topic, event, payload] = JSON.parse(data.toString()) as Frame
    if (event === 'phx_reply' && ref !== null) {
      const replied = replies.get(ref)
      replies.delete(ref)
      replied?.((payload as { response: unknown }).response)
    } else heard(topic, event, payload)
  }

  const connect = (opened: () => void): void => {
    ws = new WebSocket(`${url}/websocket?vsn=2.0.0`, { perMessageDeflate: false })
    ws.on('open', opened)
    ws.on('message', receive)
    ws.on('error', () => undefined)
    ws.on('close', () => {
      if (!closed) connect(reopened)
    })
  }

  return {
    open: () =>
      new Promise((resolve) => {
        connect(resolve)
      }),
    close: () => {
      closed = true
      ws.close(1000)
    },
    request: (joinRef, topic, event, payload, replied) => {
      const ref = String(nextRef++)
      replies.set(ref, replied)
      ws.send(JSON.stringify([joinRef ?? ref, ref, topic, event, payload]))
      return ref
    },
    forget: (ref) => {
      replies.delete(ref)
    },
  }
}
