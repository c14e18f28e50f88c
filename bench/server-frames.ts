import { type Frame } from './clients/frame.ts'
/** A WebSocket frame as a server sends it: no mask, no fragments. */
export const frame = (data: Buffer, binary: boolean): Buffer =>
  Buffer.concat([frameHead(data.length, binary), data])

const frameHead = (length: number, binary: boolean): Buffer => {
  const first = binary ? 0x82 : 0x81
  if (length < 126) return Buffer.from([first, length])
  if (length < 65_536) return Buffer.from([first, 126, length >> 8, length & 255])
  const head = Buffer.alloc(10)
  head[0] = first
  head[1] = 127
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}

export interface Flood {
  readonly n: number
  readonly topics: number
  readonly size: number
  readonly binary: boolean
  readonly event: string
  /** In the dialect of Supabase: `realtime:` in front of the topic, and a broadcast around the event. */
  readonly supabase: boolean
}

/** Message number `i` of a flood: broadcasts with their number in front, round robin over the topics. */
export const floodFrame = ({ topics, size, binary, event, supabase }: Flood): ((i: number) => Buffer) => {
  const rest = filler(size)
  const bytes = Buffer.alloc(size - 4, 'x')
  return (i) => {
    const topic = topicName(i % topics)
    if (supabase) return broadcast(topic, event, `{"n":${i},${rest}}`)
    if (!binary)
      return frame(Buffer.from(`[null,null,"${topic}","${event}",{"n":${i},${rest}}]`, 'latin1'), false)
    const head = Buffer.from(
      `\u0002${String.fromCharCode(topic.length, event.length)}${topic}${event}\0\0\0\0`,
      'latin1',
    )
    head.writeUInt32BE(i, head.length - 4)
    return frame(Buffer.concat([head, bytes]), true)
  }
}

const broadcast = (topic: string, event: string, payload: string): Buffer => {
  const text = `[null,null,"realtime:${topic}","broadcast",{"type":"broadcast","event":"${event}","payload":${payload}}]`
  return frame(Buffer.from(text, 'latin1'), false)
}

/** Comes after a flood on a topic of its own, so that the client knows that it has all. */
export const lastFrame = ({ supabase }: Flood): Buffer =>
  supabase
    ? broadcast('bench:last', 'last', '{}')
    : frame(Buffer.from('[null,null,"bench:last","last",{}]'), false)

export const topicName = (i: number): string => `bench:${i}`

/** The rest of a payload: a short text for small ones, a list of objects, as real payloads have, for large ones. */
const filler = (size: number): string => {
  if (size < 200) return `"user":"user-17","body":"${'x'.repeat(size - 40)}"`
  const items: string[] = []
  while (items.join(',').length < size - 80)
    items.push(`{"id":${items.length},"name":"item ${items.length}","price":${items.length}.5,"sold":false}`)
  return `"items":[${items.join(',')}]`
}

/** Reads what a client sent: V2 text or, from Supabase's client, its binary form of a broadcast (kind 3). */
export const readFrame = (data: Buffer, binary: boolean): Frame => {
  if (!binary) return JSON.parse(data.toString()) as Frame
  const [, ...lengths] = data.subarray(0, 6)
  const parts: string[] = []
  let at = 7
  for (const length of lengths) {
    parts.push(data.toString('latin1', at, at + length))
    at += length
  }
  const [joinRef = '', ref = '', topic = '', event = ''] = parts
  return [joinRef, ref, topic, event, JSON.parse(data.toString('utf8', at))]
}
