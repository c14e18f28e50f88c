import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type ServerChannel } from './channel-definition.ts'
import { phxRef } from './phx-ref.ts'
import { error, ok, type ReplyResult } from './result.ts'
import { warn } from './warn.ts'

/** One entry of a key: what was tracked, and its ref. */
export type PresenceMeta = Readonly<Record<string, unknown>> & {
  readonly phx_ref: string
  readonly phx_ref_prev?: string
}

/** The entries of a key; a fetch hook may put more beside them. */
export interface PresenceEntry {
  readonly metas: readonly PresenceMeta[]
  readonly [key: string]: unknown
}

/** From key to entries. Without prototype, for keys may come from clients. */
export type Presences = Readonly<Record<string, PresenceEntry>>

/** `ok({ phx_ref })`, or `error({ reason })`: an answer that a handler may return, or look at. */
export type PresenceResult = ReplyResult<{ readonly phx_ref: string }>

/**
 * Presences by topic: the server's side of Phoenix.Presence. A meta that is not a map throws, and so crashes the channel
 * whose handler passes it on.
 */
export interface Presence {
  /**
   * Adds an entry for this channel and broadcasts it. It is removed when the channel ends. An error with reason
   * `already_tracked` if it is there already.
   */
  track(channel: ServerChannel, key: string, meta?: object): PresenceResult
  /** Replaces the entry of this channel. An error with reason `nopresence` if it has no entry. */
  update(channel: ServerChannel, key: string, meta: object): PresenceResult
  /** Takes away the entry of this channel, or all that it has. */
  untrack(channel: ServerChannel, key?: string): void
  /** The presences of a topic, by key. */
  list(topic: string): Presences
  /** Sends `presence_state` to this client. After `track`, the state holds its own entry as well. */
  pushState(channel: ServerChannel): void
}

/** Options of `presence`. */
export interface PresenceOptions {
  /** Puts more beside the metas of keys, in states and diffs alike. Must return the same keys. */
  readonly fetch?: (topic: string, presences: Presences) => Presences
}

interface Tracked {
  readonly key: string
  meta: PresenceMeta
}

type Change = readonly Tracked[]

/** Make one for each server; channels of any topic may share it. */
export const presence = (options: PresenceOptions = {}): Presence => {
  const fetch = guardedFetch(options)
  /** In the order of tracking, which is the order of the metas of a key. */
  const byTopic: Map<string, Set<Tracked>> = new Map()
  const byChannel: WeakMap<ServerChannel, Map<string, Tracked>> = new WeakMap()

  const diff = ({ endpoint, topic }: ServerChannel, joins: Change, leaves: Change): void => {
    endpoint.broadcast(topic, 'presence_diff', {
      joins: fetch(topic, group(joins)),
      leaves: fetch(topic, group(leaves)),
    })
  }

  const remove = (channel: ServerChannel, keys: readonly string[]): void => {
    const own = byChannel.get(channel)
    const going = keys.flatMap((key) => own?.get(key) ?? [])
    if (going.length === 0) return
    const everyone = byTopic.get(channel.topic)
    for (const tracked of going) {
      own?.delete(tracked.key)
      everyone?.delete(tracked)
    }
    if (everyone?.size === 0) byTopic.delete(channel.topic)
    diff(channel, [], going) // one diff for everything that goes together
  }

  /** The entries of a channel; when it ends, they go. */
  const entriesOf = (channel: ServerChannel): Map<string, Tracked> => {
    const found = byChannel.get(channel)
    if (found) return found
    const entries: Map<string, Tracked> = new Map()
    byChannel.set(channel, entries)
    channel.signal.addEventListener('abort', () => {
      remove(channel, [...entries.keys()])
    })
    return entries
  }

  const list = (topic: string): Presences => fetch(topic, group([...(byTopic.get(topic) ?? [])]))

  return {
    track: (channel, key, meta = {}) => {
      checkKey(key)
      if (channel.signal.aborted)
        throw new Error(`"${channel.topic}" has ended, so nobody can be tracked on it.`)
      const own = entriesOf(channel)
      if (own.has(key)) return error({ reason: 'already_tracked' })
      const tracked: Tracked = { key, meta: metaOf(meta) }
      own.set(key, tracked)
      byTopic.set(channel.topic, (byTopic.get(channel.topic) ?? new Set<Tracked>()).add(tracked))
      diff(channel, [tracked], [])
      return ok({ phx_ref: tracked.meta.phx_ref })
    },
    update: (channel, key, meta) => {
      const tracked = byChannel.get(channel)?.get(key)
      if (!tracked) return error({ reason: 'nopresence' })
      const previous = tracked.meta
      tracked.meta = { ...metaOf(meta), phx_ref_prev: previous.phx_ref }
      diff(channel, [tracked], [{ key, meta: previous }])
      return ok({ phx_ref: tracked.meta.phx_ref })
    },
    untrack: (channel, key) => {
      remove(channel, key === undefined ? [...(byChannel.get(channel)?.keys() ?? [])] : [key])
    },
    list,
    pushState: (channel) => {
      channel.push('presence_state', list(channel.topic))
    },
  }
}

/**
 * A meta of the user with a new ref. Refs that it has already, as one that was read from a list does, are removed: with the
 * same ref among joins and leaves, clients would take away what they had just added.
 */
const metaOf = (given: object): PresenceMeta => {
  if (typeof given !== 'object' || (given as object | null) === null || Array.isArray(given))
    throw new InvalidArgument('meta', given, 'pass a map, such as { device: "phone" }.')
  const { phx_ref_prev: _old, ...meta } = given as Partial<PresenceMeta>
  return { ...meta, phx_ref: phxRef() }
}

/** If a hook throws, only its additions are lost: a leave must be announced in any case. */
const guardedFetch =
  ({ fetch }: PresenceOptions): NonNullable<PresenceOptions['fetch']> =>
  (topic, presences) => {
    try {
      return fetch?.(topic, presences) ?? presences
    } catch (error) {
      warn(`the fetch hook of a presence threw for "${topic}": ${String(error)}`)
      return presences
    }
  }

const group = (changes: Change): Presences => {
  const presences = Object.create(null) as Record<string, { metas: PresenceMeta[] }>
  for (const { key, meta } of changes) (presences[key] ??= { metas: [] }).metas.push(meta)
  return presences
}

const checkKey = (key: string): void => {
  if (typeof key !== 'string' || key === '')
    throw new InvalidArgument('key', key, 'pass a key, such as the id of a user.')
}
