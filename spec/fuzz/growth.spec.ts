import { NEVER } from 'rxjs'
import { isLeft, isRight } from 'fp-ts/Either'
import { applyPatch } from '../../lib/live-state/json-patch.ts'
import { decodePresenceState } from '../../lib/presence/presence-state.ts'
import { syncDiff } from '../../lib/presence/sync-diff.ts'
import { syncState } from '../../lib/presence/sync-state.ts'
import { endpointUrl } from '../../lib/protocol/endpoint-url.ts'
import { withoutSecrets } from '../../lib/protocol/invalid-argument.ts'
import { serializerV1 } from '../../lib/protocol/json-v1.ts'
import { lazySerializerV2, serializerV2 } from '../../lib/protocol/json-v2.ts'
import { redact } from '../../lib/protocol/redact.ts'
import { inTurn, JoinTurns } from '../../lib/connection/join-turns.ts'

/*
 * Four times the input may take four times as long, and sixteen times if it is quadratic. Clocks on shared machines are
 * poor, so each size is timed several times, the best of them counts, what is too short to be timed is made longer, and
 * the bound is that of neither: growth of more than tenfold in every trial is taken for quadratic.
 */
const MOST_GROWTH = 10
/**
 * How long the smaller input takes at least, in each trial. Shorter each time: where four times as much is more than the caches
 * of a machine hold, linear work takes ten times as long.
 */
const SHORTEST_MS = [1, 1, 0.5, 0.5, 0.25, 0.25]

/** In ms of the processor: on a busy machine the clock also counts other processes, of what takes long more than its share. */
const bestOf = (times: number, run: () => unknown): number => {
  let best = Infinity
  for (let i = 0; i < times; i++) {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1_000)
  }
  return best
}

/** How often longer it takes with four times the input. */
const growth = (work: (n: number) => () => unknown, shortestMs: number): number => {
  let n = 1_000
  while (n < 250_000 && bestOf(1, work(n)) < shortestMs) n *= 2
  const [once, fourTimes] = [bestOf(5, work(n)), bestOf(5, work(4 * n))]
  return fourTimes / Math.max(once, shortestMs / 4)
}

/** So many times longer than its changes is a list, since copying one for each change would else be too quick to show. */
const LONG = 50

const metas = (n: number, prefix: string): { readonly phx_ref: string }[] =>
  Array.from({ length: n }, (_, i) => ({ phx_ref: `${prefix}${i}` }))
const keys = (n: number): Record<string, { readonly metas: { readonly phx_ref: string }[] }> =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`key ${i}`, { metas: metas(1, `${i}-`) }]))
const frame = (payload: string): string => `[null,null,"t","e",${payload}]`
const read = (text: string): unknown => {
  const decoded = lazySerializerV2.decode(text)
  try {
    return isRight(decoded) && decoded.right.payload
  } catch {
    return undefined
  }
}

const works: readonly (readonly [string, (n: number) => () => unknown])[] = [
  ['a long string', (n) => () => read(frame(`"${'a'.repeat(n)}"`))],
  ['a string of escapes', (n) => () => read(frame(`"${'\\u0041'.repeat(n)}"`))],
  ['a long header', (n) => () => read(`[null,null,"${'t'.repeat(n)}","${'e'.repeat(n)}",1]`)],
  ['a header that does not end', (n) => () => read(`["${'a'.repeat(n)}]`)],
  ['a huge list', (n) => () => read(frame(`[${'1,'.repeat(n)}1]`))],
  ['deep lists', (n) => () => read(frame('['.repeat(n) + ']'.repeat(n)))],
  ['deep lists that do not end', (n) => () => read(frame('['.repeat(n)))],
  [
    'an object of version 1',
    (n) => () => serializerV1.decode(`{"topic":"t","event":"e","payload":{${'"a":1,'.repeat(n)}"b":1}}`),
  ],
  [
    'a binary frame',
    (n) => {
      const bytes = new Uint8Array(n * 4).fill(1)
      return () => serializerV2.decode(bytes)
    },
  ],
  ['secrets in a trace', (n) => () => redact('"token":"a",'.repeat(n))],
  ['keys that may be secrets', (n) => () => redact('"session'.repeat(n))],
  ['a secret that does not end', (n) => () => redact(`"token":"${'\\'.repeat(n)}`)],
  ['secret containers in each other', (n) => () => redact(`"token":${'[{"a":'.repeat(n)}`)],
  ['an address', (n) => () => withoutSecrets(`ws://${'a:@/'.repeat(n)}`)],
  [
    'slashes of an address',
    (n) => () => endpointUrl(`ws://a${'/'.repeat(n)}b`, { path: 'websocket', params: {}, vsn: '2.0.0' }),
  ],
  [
    'params',
    (n) => () =>
      endpointUrl('ws://a', {
        path: 'websocket',
        params: { l: Array.from({ length: n }, String) },
        vsn: '2.0.0',
      }),
  ],
  [
    'presences of one key',
    (n) => {
      const [before, after] = [
        { ann: { metas: metas(n, 'a') } },
        { ann: { metas: [...metas(n / 2, 'a'), ...metas(n, 'b')] } },
      ]
      return () => isRight(decodePresenceState(after)) && syncState(syncState(new Map(), before), after)
    },
  ],
  [
    'joins and leaves of one key',
    (n) => {
      const state = syncState(new Map(), { ann: { metas: metas(n, 'a') } })
      const diff = { joins: { ann: { metas: metas(n, 'b') } }, leaves: { ann: { metas: metas(n, 'a') } } }
      return () => syncDiff(state, diff)
    },
  ],
  [
    'presences of as many keys',
    (n) => {
      const all = keys(n)
      return () => syncDiff(syncState(new Map(), all), { joins: {}, leaves: all })
    },
  ],
  [
    'changes of a list, one by one',
    (n) => {
      const operations = Array.from({ length: n }, (_, i) => ({
        op: 'replace',
        path: `/list/${i}/a`,
        value: i,
      }))
      const document = { list: Array.from({ length: LONG * n }, () => ({ a: 0 })) }
      return () => applyPatch(document, operations)
    },
  ],
  [
    'removals from a list',
    (n) => {
      const list = Array.from({ length: LONG * n }, (_, i) => i)
      const removals = list
        .slice(-n)
        .reverse()
        .map((i) => ({ op: 'remove', path: `/${i}` }))
      return () => applyPatch(list, removals)
    },
  ],
  [
    'additions to an object',
    (n) => {
      const operations = Array.from({ length: n }, (_, i) => ({ op: 'add', path: `/k${i}`, value: i }))
      return () => applyPatch({}, operations)
    },
  ],
  [
    'tasks that wait for a slot',
    // Many, since few are over before what a Set keeps of those that it has deleted is worth a thought.
    (n) => () => {
      const turns = new JoinTurns(100)
      const waiting = NEVER.pipe(inTurn(turns, 0))
      const all = Array.from({ length: 10 * n }, () => waiting.subscribe())
      for (const turn of all) turn.unsubscribe()
    },
  ],
  ['a long path', (n) => () => applyPatch({}, [{ op: 'add', path: '/~1'.repeat(n), value: 1 }])],
]

describe('four times the input takes less than ten times as long:', () => {
  it.each(works)(
    '%s',
    (_name, work) => {
      const trials: number[] = []
      for (const shortestMs of SHORTEST_MS)
        if (!trials.some((each) => each < MOST_GROWTH)) trials.push(growth(work, shortestMs))
      expect(Math.min(...trials)).toBeLessThan(MOST_GROWTH)
    },
    60_000,
  )
})

describe('nested 100,000 deep', () => {
  const deep = (leaf: unknown): unknown => {
    let value = leaf
    for (let i = 0; i < 100_000; i++) value = { a: value }
    return value
  }

  it.each<[string, unknown]>([
    ['a value to compare', { op: 'test', path: '', value: deep(1) }],
    ['a value to copy into its own depth', { op: 'copy', from: '', path: '/a'.repeat(99_999) + '/b' }],
    ['a path', { op: 'replace', path: '/a'.repeat(100_000), value: 2 }],
    ['a path to remove', { op: 'remove', path: '/a'.repeat(100_000) }],
  ])('%s applies or is rejected', (_name, operation) => {
    const outcome = applyPatch(deep(1), [operation])
    expect(isLeft(outcome) ? outcome.left.reason : 'applied').toMatch(/^(applied|it is nested too deep)$/)
  })
})
