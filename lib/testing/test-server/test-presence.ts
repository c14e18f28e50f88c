import { pushed } from '../messages.ts'
import { type Received, type ServerCore } from './server-core.ts'

/** The people present on a topic, as Phoenix.Presence would send them: the whole list after each join, then each change. */
export interface TestPresence {
  /** Somebody joins; a key that is present already, as with a second tab, gets one meta more. */
  join(key: string, meta?: object): void
  /** The metas of a key are replaced by one. */
  update(key: string, meta: object): void
  /** Somebody leaves, with all metas. */
  leave(key: string): void
}

type Meta = Readonly<Record<string, unknown>>
interface Entry {
  readonly metas: readonly Meta[]
}

export const testPresence = (core: ServerCore, topic: string): TestPresence => {
  const present: Map<string, readonly Meta[]> = new Map()
  let informed: Received | undefined
  let refs = 0

  const send = ({ link, message }: Received, event: string, payload: unknown): void => {
    core.say(link, pushed(topic, message.joinRef ?? message.ref ?? '', event, payload))
  }
  const sendAll = (join: Received): void => {
    informed = join
    send(join, 'presence_state', entries(present))
  }
  core.whenJoined(topic, () => {
    const join = core.joinOf(topic)
    if (join) sendAll(join)
  })

  const change = (key: string, joins: readonly Meta[], leaves: readonly Meta[]): void => {
    const left = (present.get(key) ?? []).filter((meta) => !leaves.includes(meta))
    const metas = [...left, ...joins]
    if (metas.length === 0) present.delete(key)
    else present.set(key, metas)
    const join = core.joinOf(topic)
    if (!join) return
    // A client that has no list yet could do nothing with a change.
    if (informed !== join) sendAll(join)
    else
      send(join, 'presence_diff', {
        joins: entries([[key, joins]]),
        leaves: entries([[key, leaves]]),
      })
  }
  const metaOf = (meta: object): Meta => ({ ...meta, phx_ref: `ref-${++refs}` })
  const metasOf = (key: string): readonly Meta[] => {
    const metas = present.get(key)
    if (!metas)
      throw core.failure(`"${key}" is not present on "${topic}". Present: ${[...present.keys()].join(', ')}`)
    return metas
  }
  return {
    join: (key, meta = {}) => {
      change(key, [metaOf(meta)], [])
    },
    update: (key, meta) => {
      const metas = metasOf(key)
      change(key, [{ ...metaOf(meta), phx_ref_prev: metas[0]?.['phx_ref'] }], metas)
    },
    leave: (key) => {
      change(key, [], metasOf(key))
    },
  }
}

/** As a plain object, since it goes over the wire; `fromEntries` makes own properties of all keys. */
const entries = (all: Iterable<readonly [string, readonly Meta[]]>): Readonly<Record<string, Entry>> =>
  Object.fromEntries([...all].filter(([, metas]) => metas.length > 0).map(([key, metas]) => [key, { metas }]))
