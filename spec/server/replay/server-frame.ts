/** One frame of the server, as it is compared: its meaning, and the server process that it comes from. */
export interface ServerFrame {
  readonly source: string
  readonly value: unknown
}

/** Events that the test application sends to a topic and not from a channel; version 1.0.0 does not tell them apart. */
const BROADCASTS = new Set(['broadcasted', 'broadcasted_from', 'from_endpoint', 'presence_diff'])

/**
 * The order of frames is a fact within one server process only: a channel, the connection itself, or whoever
 * broadcasts to a topic (spec/fixtures/wire/README.md).
 */
export const textFrame = (text: string, vsn: string): ServerFrame => {
  const value = JSON.parse(text) as unknown
  if (vsn === '2.0.0') {
    const [joinRef, ref, topic] = value as [string | null, string | null, string]
    const source = joinRef !== null ? `channel ${topic}` : ref !== null ? 'connection' : `broadcast ${topic}`
    return { source, value }
  }
  const { topic, event } = value as { topic: string; event: string }
  const source =
    topic === 'phoenix' ? 'connection' : BROADCASTS.has(event) ? `broadcast ${topic}` : `channel ${topic}`
  return { source, value }
}

export const binaryFrame = (base64: string): ServerFrame => ({
  source: Buffer.from(base64, 'base64')[0] === 2 ? 'binary broadcast' : 'binary',
  value: base64,
})

export const pongFrame = (base64: string): ServerFrame => ({ source: 'pong', value: base64 })
