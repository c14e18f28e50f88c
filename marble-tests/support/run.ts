import { type TestScheduler } from 'rxjs/testing'
import { type ConnectionState } from '../../lib/index.ts'
import { type MarbleHelpers, marbles } from '../../lib/testing/index.ts'

/** Runs a marble test; values are compared as jest compares them. */
export const run: <T>(test: (helpers: MarbleHelpers, scheduler: TestScheduler) => T) => T = marbles(
  (actual, expected) => {
    expect(actual).toEqual(expected)
  },
)

/** A state in a word, for diagrams in which its data plays no part: `open`, `waiting 10`, `joined`. */
export const word = (
  state: ConnectionState | { readonly status: string; readonly retryInMs?: number },
): string => ('retryInMs' in state ? `${state.status} ${state.retryInMs}` : state.status)

/** One letter a status, for `expectObservable(…).toBe('(co)…', letters)`. */
export const letters = {
  i: 'idle',
  c: 'connecting',
  o: 'open',
  p: 'paused',
  w: 'waiting',
  j: 'joining',
  J: 'joined',
  e: 'errored',
  x: 'closed',
} as const

/** What a message of the client is about: `room:a phx_join`. */
export const about = ({ topic, event }: { readonly topic: string; readonly event: string }): string =>
  `${topic} ${event}`
