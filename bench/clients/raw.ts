import { bareConnection } from './bare-connection.ts'
import { type MakeBenchClient } from './bench-client.ts'

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
  const { open, close, request } = bareConnection({
    url,
    heard: (topic, event, payload) => {
      const entry = topics.get(topic)
      if (entry?.event === event) entry.heard(payload)
    },
    reopened: () => {
      for (const [topic, { event, heard, joined }] of [...topics]) join(topic, event, heard, joined)
    },
  })

  const join = (
    topic: string,
    event: string,
    heard: (payload: unknown) => void,
    joined: () => void,
  ): void => {
    topics.set(topic, { joinRef: request(undefined, topic, 'phx_join', {}, joined), event, heard, joined })
  }

  const push = (
    topic: string,
    event: string,
    payload: unknown,
    replied: (response: unknown) => void,
  ): void => {
    request(topics.get(topic)?.joinRef, topic, event, payload, replied)
  }

  return {
    open,
    join,
    push,
    send: (topic, event, payload = {}) => {
      push(topic, event, payload, () => undefined)
    },
    close,
  }
}
