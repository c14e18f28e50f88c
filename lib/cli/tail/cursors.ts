/** An id that a server gives its messages: the last one seen says what to ask for next. */
type Id = string | number

/** The place from which to go on: an id, or one for each topic. */
export type Cursor = Id | Readonly<Record<string, Id>>

/**
 * Where each topic is. Phoenix delivers at most once and knows no ids; who wants what came meanwhile sends the last id
 * seen with the join, and the server answers with what is newer. The place of the id in a payload is the server's own.
 */
export class Cursors {
  readonly #topics: readonly string[]
  readonly #path: readonly string[]
  readonly #seen: Map<string, Id>

  /** @param key - the key of the id in a payload, or a JSON Pointer to it, such as `/meta/seq`. */
  constructor(topics: readonly string[], key: string, since: Cursor | undefined) {
    this.#topics = topics
    this.#path = key.startsWith('/') ? key.slice(1).split('/').map(unescaped) : [key]
    this.#seen = new Map(
      typeof since === 'object'
        ? Object.entries(since)
        : topics.flatMap((topic): [string, Id][] => (since === undefined ? [] : [[topic, since]])),
    )
  }

  /** Takes note of a message. */
  see(topic: string, payload: unknown): void {
    const id = this.#path.reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Readonly<Record<string, unknown>>)[key]
          : undefined,
      payload,
    )
    if (isId(id)) this.#seen.set(topic, id)
  }

  /** The last id of one topic. */
  of(topic: string): Id | undefined {
    return this.#seen.get(topic)
  }

  /** The place where everything is now, in the form that `--since` takes; undefined while no id has been seen. */
  get current(): Cursor | undefined {
    const [topic = ''] = this.#topics
    if (this.#topics.length === 1) return this.#seen.get(topic)
    return this.#seen.size === 0 ? undefined : Object.fromEntries(this.#seen)
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

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')
