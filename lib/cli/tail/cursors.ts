import { valueAt } from '../value-at.ts'

/** An id that a server assigns to its messages: the last one seen is where to resume. */
export type Id = string | number

/** The place from which to go on: an id, or one for each topic. */
export type Cursor = Id | Readonly<Record<string, Id>>

/** Where each topic is, as lines show it. The place of the id in a payload is up to the server. */
export class Cursors {
  private readonly find: (payload: unknown) => unknown
  private readonly seen: Map<string, Id>

  /** @param key - the key of the id in a payload, or a JSON Pointer to it, such as `/meta/seq`. */
  constructor(
    private readonly topics: readonly string[],
    key: string,
    since: Cursor | undefined,
  ) {
    this.find = valueAt(key)
    this.seen = new Map(
      typeof since === 'object'
        ? Object.entries(since)
        : topics.flatMap((topic): [string, Id][] => (since === undefined ? [] : [[topic, since]])),
    )
  }

  /** The id of a message. */
  idOf(payload: unknown): Id | undefined {
    const id = this.find(payload)
    return isId(id) ? id : undefined
  }

  /** Takes note of a message. */
  see(topic: string, payload: unknown): void {
    const id = this.idOf(payload)
    if (id !== undefined) this.seen.set(topic, id)
  }

  /** The last id of one topic. */
  of(topic: string): Id | undefined {
    return this.seen.get(topic)
  }

  /** The place where everything is now, in the form that `--since` takes; undefined while no id has been seen. */
  get current(): Cursor | undefined {
    const [topic = ''] = this.topics
    if (this.topics.length === 1) return this.seen.get(topic)
    return this.seen.size === 0 ? undefined : Object.fromEntries(this.seen)
  }
}

/** Reads a cursor: one of JSON, as lines carry it, or else a plain text. Undefined if it cannot be one. */
export const readCursor = (text: string): Cursor | undefined => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text === '' ? undefined : text
  }
  if (isId(value)) return value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.values(value).every(isId) ? (value as Cursor) : undefined
}

const isId = (value: unknown): value is Id => typeof value === 'string' || typeof value === 'number'
