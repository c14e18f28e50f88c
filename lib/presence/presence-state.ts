import { type Either, left, right } from 'fp-ts/Either'

/** One entry of a presence, such as one open tab. `phx_ref` is unique for it. */
export interface PresenceMeta {
  readonly phx_ref: string
  /** Of an entry that replaces another one: the `phx_ref` of that one. */
  readonly phx_ref_prev?: string
  readonly [field: string]: unknown
}

/** The presence under one key, with at least one meta. The server may add further fields (`fetch` of Phoenix.Presence). */
export interface Presence {
  readonly metas: readonly PresenceMeta[]
  readonly [field: string]: unknown
}

/** Presences by key, as the server sends them. */
export type PresenceEntries<P extends Presence = Presence> = Readonly<Record<string, P>>

/** The payload of `presence_diff`. */
export interface PresenceDiff<P extends Presence = Presence> {
  readonly joins: PresenceEntries<P>
  readonly leaves: PresenceEntries<P>
}

/** The presences of a topic. A Map, since keys are chosen by servers: `__proto__` is a key like any other. */
export type PresenceState<P extends Presence = Presence> = ReadonlyMap<string, P>

/** What has changed under one key. */
export interface PresenceChange<P extends Presence = Presence> {
  readonly key: string
  /** Undefined if the key is new. */
  readonly before: P | undefined
  /** Undefined if the key is gone. */
  readonly after: P | undefined
  /** The metas that joined. */
  readonly joined: P['metas']
  /** The metas that left. An update is one meta that left and one that joined. */
  readonly left: P['metas']
}

/** Reads the payload of `presence_state`. */
export const decodePresenceState = <P extends Presence = Presence>(
  payload: unknown,
): Either<string, PresenceEntries<P>> =>
  isEntries<P>(payload) ? right(payload) : left('not { key: { metas: [{ phx_ref }] } }')

/** Reads the payload of `presence_diff`. */
export const decodePresenceDiff = <P extends Presence = Presence>(
  payload: unknown,
): Either<string, PresenceDiff<P>> =>
  isObject(payload) && isEntries<P>(payload['joins']) && isEntries<P>(payload['leaves'])
    ? right(payload as unknown as PresenceDiff<P>)
    : left('not { joins, leaves }')

const isEntries = <P extends Presence>(value: unknown): value is PresenceEntries<P> =>
  isObject(value) && Object.values(value).every(isPresence)

const isPresence = (value: unknown): boolean =>
  isObject(value) &&
  Array.isArray(value['metas']) &&
  value['metas'].every((meta) => isObject(meta) && typeof meta['phx_ref'] === 'string')

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
