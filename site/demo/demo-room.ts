import { asyncScheduler } from 'rxjs'
import { type Message } from '../../lib/index.ts'
import { broadcast, pushed } from '../../lib/testing/index.ts'

/** What the server keeps for a room: who is there, and how often it was liked. People come and go while the client is away, too. */
export interface DemoRoom {
  /** What a client gets right after its join: the whole list, and the whole state. */
  readonly whole: (joinRef: string) => readonly Message[]
  /** Who has come and gone since the client heard last; empty if nobody has. */
  readonly moves: () => readonly Message[]
  /** Counts one more like, and tells everybody. */
  readonly like: () => Message
}

const VISITORS = ['ann', 'bob', 'cid']
const STEP_MS = 4_000

export const demoRoom = (topic: string): DemoRoom => {
  let known: readonly string[] = []
  let likes = 0

  /** Each visitor stays twice as long as the one before, and is away for as long. */
  const present = (): readonly string[] => {
    const step = Math.floor(asyncScheduler.now() / STEP_MS)
    return ['you', ...VISITORS.filter((_, index) => (step >> index) % 2 === 1)]
  }
  return {
    whole: (joinRef) => {
      known = present()
      return [
        pushed(topic, joinRef, 'presence_state', entries(known)),
        pushed(topic, joinRef, 'state:change', { state: { likes }, version: likes }),
      ]
    },
    moves: () => {
      const before = known
      known = present()
      const joins = known.filter((name) => !before.includes(name))
      const leaves = before.filter((name) => !known.includes(name))
      return joins.length + leaves.length === 0
        ? []
        : [broadcast(topic, 'presence_diff', { joins: entries(joins), leaves: entries(leaves) })]
    },
    like: () => {
      likes += 1
      const patch = [{ op: 'replace', path: '/likes', value: likes }]
      return broadcast(topic, 'state:patch', { patch, version: likes })
    },
  }
}

const entries = (names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.map((name) => [name, { metas: [{ phx_ref: name }] }]))
