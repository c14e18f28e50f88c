import { WebSocket } from 'ws'
import { type MakeBenchClient } from './bench-client.ts'

type Frame = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: unknown,
]

interface Joined {
  readonly joinRef: string
  readonly event: string
  readonly heard: (payload: unknown) => void
  readonly joined: () => void
}

/**
 * What any client in JavaScript pays that parses each frame: `ws`, `JSON.parse`, one look-up in a Map. No timeouts, no
 * checks, no error paths; it is a yardstick and not a client.
 */
export const rawClient: MakeBenchClient = ({ url }) => {
  const topics: Map<string, Joined> = new Map()
  const replies: Map<string, (response: unknown) => void> = new Map()
  let nextRef = 1
  let closed = false
  let ws: WebSocket

  const send = (
    topic: string,
    event: string,
    payload: unknown,
    replied: (response: unknown) => void,
  ): string => {
    const ref = String(nextRef++)
    const joinRef = topics.get(topic)?.joinRef ?? ref
    replies.set(ref, replied)
    ws.send(JSON.stringify([joinRef, ref, topic, event, payload]))
    return ref
  }

  const join = (
    topic: string,
    event: string,
    heard: (payload: unknown) => void,
    joined: () => void,
  ): void => {
    topics.delete(topic)
    topics.set(topic, { joinRef: send(topic, 'phx_join', {}, joined), event, heard, joined })
  }

  const receive = (data: Buffer, isBinary: boolean): void => {
    if (isBinary) {
      const topicEnd = 3 + (data[1] ?? 0)
      const eventEnd = topicEnd + (data[2] ?? 0)
      const entry = topics.get(data.toString('latin1', 3, topicEnd))
      const event = data.toString('latin1', topicEnd, eventEnd)
      if (entry?.event === event) entry.heard(data.subarray(eventEnd))
      return
    }
    const [, ref, topic, event, payload] = JSON.parse(data.toString()) as Frame
    if (event === 'phx_reply' && ref !== null) {
      const replied = replies.get(ref)
      replies.delete(ref)
      replied?.((payload as { response: unknown }).response)
      return
    }
    const entry = topics.get(topic)
    if (entry?.event === event) entry.heard(payload)
  }

  const connect = (opened: () => void): void => {
    ws = new WebSocket(`${url}/websocket?vsn=2.0.0`, { perMessageDeflate: false })
    ws.on('open', opened)
    ws.on('message', receive)
    ws.on('error', () => undefined)
    ws.on('close', () => {
      if (closed) return
      connect(() => {
        for (const [topic, { event, heard, joined }] of [...topics]) join(topic, event, heard, joined)
      })
    })
  }

  return {
    open: () =>
      new Promise((resolve) => {
        connect(resolve)
      }),
    join,
    push: send,
    send: (topic, event, payload = {}) => {
      send(topic, event, payload, () => undefined)
    },
    close: () => {
      closed = true
      ws.close(1000)
    },
  }
}
