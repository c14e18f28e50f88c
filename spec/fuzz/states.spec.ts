import { isRight } from 'fp-ts/Either'
import { applyPatch } from '../../lib/live-state/json-patch.ts'
import { readSignal } from '../../lib/live-state/read-signal.ts'
import { dialects } from '../../lib/live-state/dialects.ts'
import { step, type Versioned } from '../../lib/live-state/versioned-state.ts'
import {
  decodePresenceDiff,
  decodePresenceState,
  type PresenceState,
} from '../../lib/presence/presence-state.ts'
import { syncDiff } from '../../lib/presence/sync-diff.ts'
import { syncState } from '../../lib/presence/sync-state.ts'
import { framesOf, recordings } from '../support/recordings.ts'
import { anyJson, frozen, mutateText } from './mutate.ts'
import { inputs, Random, SEED } from './random.ts'

const messages = recordings()
  .flatMap(framesOf)
  .filter(({ vsn, from }) => vsn === '2.0.0' && from === 'server')
  // Bytes that reached a poll as text are no JSON.
  .flatMap(({ frame }) =>
    typeof frame === 'string' && frame.startsWith('[')
      ? [JSON.parse(frame) as [null, null, string, string, unknown]]
      : [],
  )
const payloadsOf = (event: RegExp): readonly string[] =>
  messages.filter((message) => event.test(message[3])).map((message) => JSON.stringify(message[4]))

/** A mutated text as JSON, where it still is some. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const NAMES = [
  'list',
  'obj',
  'k',
  'a',
  '0',
  '1',
  '',
  '~',
  '/',
  '__proto__',
  'constructor',
  'length',
  'toJSON',
  'ann',
  'metas',
  'phx_ref',
]

describe(`states, fed with what was recorded and then damaged (FUZZ_SEED=${SEED})`, () => {
  it('patches apply or are rejected: they never throw, and change neither the document nor the patch', () => {
    const random = new Random(SEED)
    const path = (): unknown =>
      random.below(20) === 0
        ? anyJson(random, NAMES)
        : Array.from(
            { length: random.below(4) },
            () => `/${random.of([...NAMES, '-', '~0', '~1', '01', '99999999999'])}`,
          ).join('')
    let applied = 0
    for (let i = inputs(250_000); i > 0; i--) {
      const document = frozen(anyJson(random, NAMES, 4))
      const operations = frozen(
        Array.from({ length: 1 + random.below(4) }, () => ({
          op: random.of(['add', 'add', 'replace', 'remove', 'move', 'copy', 'test', 'toString']),
          path: path(),
          from: path(),
          ...(random.below(8) === 0 ? {} : { value: anyJson(random, NAMES) }),
        })),
      )
      const outcome = applyPatch(document, operations)
      if (isRight(outcome)) applied += 1
      else if (outcome.left.index >= operations.length) throw new Error('an invalid operation')
    }
    expect(applied).toBeGreaterThan(inputs(250_000) / 50)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  }, 120_000)

  it('live states take any message, and never a version or a state that it does not hold', () => {
    const random = new Random(SEED)
    const payloads = payloadsOf(/^(state|seance):(change|patch)$/)
    const dialect = dialects['live-state']
    let versioned: Versioned = { status: 'loading', maxVersion: undefined }
    let lived = 0
    for (let i = inputs(60_000); i > 0; i--) {
      const text = random.of(payloads)
      const payload = parsed(random.below(3) === 0 ? text : mutateText(random, text, random.of(payloads)))
      const signal = readSignal(dialect, random.of([dialect.change, dialect.patch]), frozen(payload))
      versioned = step(versioned, signal).next
      if (versioned.status === 'live') lived += 1
      if (versioned.whole && !Number.isSafeInteger(versioned.whole.version))
        throw new Error(JSON.stringify(payload))
    }
    expect(lived).toBeGreaterThan(inputs(60_000) / 50)
  }, 120_000)

  it('presence accepts any list and any diff, and has no key without a meta', () => {
    const random = new Random(SEED)
    const [states, diffs] = [payloadsOf(/^presence_state$/), payloadsOf(/^presence_diff$/)]
    let state: PresenceState = new Map()
    let [taken, largest] = [0, 0]
    for (let i = inputs(100_000); i > 0; i--) {
      const isDiff = random.below(4) > 0
      const text = random.of(isDiff ? diffs : states)
      const payload = frozen(
        random.below(10) === 0
          ? anyJson(random, NAMES, 4)
          : parsed(random.below(3) === 0 ? text : mutateText(random, text, random.of(diffs))),
      )
      const [diff, list] = [decodePresenceDiff(payload), decodePresenceState(payload)]
      if (isDiff && isRight(diff)) state = syncDiff(state, diff.right)
      else if (!isDiff && isRight(list)) state = syncState(state, list.right)
      else continue
      taken += 1
      largest = Math.max(largest, state.size)
      for (const [key, { metas }] of state)
        if (metas.length === 0) throw new Error(`nobody is there as ${key}`)
      if (state.size > 50) state = new Map()
    }
    expect(taken).toBeGreaterThan(inputs(100_000) / 10)
    expect(largest).toBeGreaterThan(1)
  }, 120_000)
})
