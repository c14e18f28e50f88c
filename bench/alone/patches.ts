import jsonPatch, { type Operation } from 'fast-json-patch'
import { applyPatch } from 'rx-phoenix/live-state'
import { type ClientName } from '../clients/names.ts'
import { type Measured } from '../measured.ts'
import { median } from '../measures/median.ts'

interface Todo {
  readonly id: number
  readonly text: string
  readonly tags: readonly string[]
}

/** 1 MB as JSON. */
const state: { readonly todos: readonly Todo[]; readonly count: number } = {
  todos: Array.from({ length: 8_000 }, (_, id) => ({ id, text: 'x'.repeat(80), tags: ['a', 'b'] })),
  count: 8_000,
}

/** A field of one of 8,000 items, and a number at the top: what a server sends at a click. */
const patch = (i: number): readonly Operation[] => [
  { op: 'replace', path: `/todos/${i}/text`, value: `${i}` },
  { op: 'replace', path: '/count', value: i },
]

/** Both leave the state as it was, as whoever shows it needs. */
const ways: Readonly<Partial<Record<ClientName, (operations: readonly Operation[]) => unknown>>> = {
  /** The package fast-json-patch, which copies the whole for that. */
  raw: (operations) => jsonPatch.applyPatch(state, [...operations], true, false).newDocument,
  rx: (operations) => {
    const patched = applyPatch(state, operations)
    return patched._tag === 'Right' ? patched.right : undefined
  },
}

/** What one patch of two operations costs on a state of 1 MB. */
export const patches = (client: ClientName, n: number): Measured => {
  const way = ways[client]
  if (!way) throw new Error(`${client} has no patches`)
  const took: number[] = []
  let correct = true
  for (let i = 0; i < n; i++) {
    const operations = patch(i)
    const startedAt = performance.now()
    const patched = way(operations) as typeof state | undefined
    took.push((performance.now() - startedAt) * 1_000)
    correct &&= patched?.count === i && patched.todos[i]?.text === String(i) && state.count === 8_000
  }
  return { value: median(took), correct }
}
