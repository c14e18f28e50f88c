import { type Either, left, right } from 'fp-ts/Either'

/** The version of the format that is written, and the highest that can be read. */
export const SESSION_VERSION = 1

/** The first line of a recorded session. */
export interface SessionHeader {
  readonly session: 'rx-phoenix'
  readonly version: number
  /** The mount point, without query and credentials. */
  readonly url: string
  /** Of the protocol. */
  readonly vsn: string
  /** ISO 8601, in UTC. */
  readonly recordedAt: string
}

/** Each further line: what happened on a connection. `in` came from the server. */
export type SessionEvent = {
  /** Milliseconds since the beginning. */
  readonly atMs: number
  /** Counts the connections of the session, from 1. */
  readonly connection: number
} & (
  | { readonly type: 'open' }
  | { readonly type: 'in' | 'out'; readonly text: string }
  | { readonly type: 'in' | 'out'; readonly base64: string }
  | {
      readonly type: 'close'
      /** The `_tag` of the error; absent if it was the client that closed. */
      readonly cause?: string
      readonly code?: number
    }
)

/** The frames between a client and a server. */
export interface Session {
  readonly header: SessionHeader
  readonly events: readonly SessionEvent[]
}

/** Why a text is not a valid session. */
export interface NotASession {
  readonly _tag: 'NotASession'
  /** From 1. */
  readonly line: number
  readonly reason: string
}

/**
 * Reads a recorded session: one line of JSON each, the header first. Fields and types of events that it does not know
 * are left alone, so that later versions may add some, as is a byte order mark at the start; a version above `SESSION_VERSION` is rejected.
 */
export const parseSession = (text: string): Either<NotASession, Session> => {
  let header: SessionHeader | undefined
  const events: SessionEvent[] = []
  let line = 0
  for (const each of text.replace(/^\uFEFF/, '').split('\n')) {
    line += 1
    if (each.trim() === '') continue
    const value = parsed(each)
    if (value === undefined) return notASession(line, 'it is not a JSON object')
    if (header) {
      if (!isEvent(value)) return notASession(line, 'it is not { atMs, connection, type, … }')
      events.push(value)
    } else if (isHeader(value)) {
      if (value.version > SESSION_VERSION)
        return notASession(line, `its version is ${value.version}, and this program reads ${SESSION_VERSION}`)
      header = value
    } else
      return notASession(line, 'the first line has to be { session: "rx-phoenix", version, url, vsn, … }')
  }
  return header ? right({ header, events }) : notASession(1, 'it is empty')
}

type Fields = Readonly<Record<string, unknown>>

const parsed = (line: string): Fields | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined
  } catch {
    return undefined
  }
}

const isHeader = (value: object): value is SessionHeader => {
  const { session, version, url, vsn } = value as Fields
  return (
    session === 'rx-phoenix' &&
    typeof version === 'number' &&
    typeof url === 'string' &&
    typeof vsn === 'string'
  )
}

const isEvent = (value: object): value is SessionEvent => {
  const { atMs, connection, type, text, base64 } = value as Fields
  if (typeof atMs !== 'number' || typeof connection !== 'number' || typeof type !== 'string') return false
  return (type !== 'in' && type !== 'out') || typeof text === 'string' || typeof base64 === 'string'
}

const notASession = (line: number, reason: string): Either<NotASession, never> =>
  left({ _tag: 'NotASession', line, reason })
