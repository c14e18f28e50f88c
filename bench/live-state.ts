import jsonPatch, { type Operation } from 'fast-json-patch'
import { type Either, isRight } from 'fp-ts/Either'
import { applyPatch } from '../lib/live-state/json-patch.ts'

// What a patch costs on a state of 1 MB, beside fast-json-patch, which copies the whole to leave it unchanged. Run it
// with `npx tsx bench/live-state.ts`.

const ROUNDS = 7

interface Todo {
  readonly id: number
  readonly text: string
  readonly tags: readonly string[]
}

const state: { readonly todos: readonly Todo[]; readonly count: number } = {
  todos: Array.from({ length: 8_000 }, (_, id) => ({ id, text: 'x'.repeat(80), tags: ['a', 'b'] })),
  count: 8_000,
}

const scenarios: readonly (readonly [title: string, (i: number) => readonly Operation[]])[] = [
  ['replace a number at the top', (i) => [{ op: 'replace', path: '/count', value: i }]],
  [
    'replace a field of one of 8,000 items',
    (i) => [{ op: 'replace', path: `/todos/${i}/text`, value: `${i}` }],
  ],
  [
    'remove and add 100 items',
    (i) => [
      ...Array.from({ length: 100 }, (_, k): Operation => ({ op: 'remove', path: `/todos/${7_999 - k}` })),
      ...Array.from({ length: 100 }, (_, k): Operation => ({
        op: 'add',
        path: '/todos/-',
        value: state.todos[i + k],
      })),
    ],
  ],
]

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

const timed = (patches: number, apply: (i: number) => void): number => {
  const startedAt = performance.now()
  for (let i = 0; i < patches; i++) apply(i)
  return ((performance.now() - startedAt) * 1_000) / patches
}

const patched = (operations: readonly Operation[]): unknown => {
  const result: Either<unknown, unknown> = applyPatch(state, operations)
  if (!isRight(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

console.log(`state: ${(JSON.stringify(state).length / 1e6).toFixed(2)} MB`)
console.log('| patch | fast-json-patch (unchanged input), µs | rx-phoenix, µs | ratio |')
console.log('|---|---|---|---|')
for (const [title, operations] of scenarios) {
  const runs = Array.from({ length: ROUNDS }, () => ({
    theirs: timed(10, (i) => jsonPatch.applyPatch(state, [...operations(i)], true, false)),
    ours: timed(500, (i) => patched(operations(i))),
  }))
  const theirs = median(runs.map((run) => run.theirs))
  const ours = median(runs.map((run) => run.ours))
  console.log(`| ${title} | ${theirs.toFixed(0)} | ${ours.toFixed(1)} | ${(ours / theirs).toFixed(4)} |`)
}
