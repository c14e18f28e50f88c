import { defer, startWith } from 'rxjs'
import { type RunHelpers } from 'rxjs/testing'
import { type ExpectedFrame } from './client-frames.ts'
import { valuesOf } from './diagram-letters.ts'
import { type FakePhoenix } from './fake-phoenix.ts'
import { FrameLike } from './frame-like.ts'

/** What follows `expectSent(server)`. */
export interface SentExpectation {
  /**
   * The client sends these frames at these times, and no others: `'j---p--L'`. Each letter stands for a frame, of which only
   * what is named is compared, as made by `joinFrame`, `pushFrame`, `leaveFrame` and `heartbeatFrame`.
   * Throws an Error immediately for a letter that has no frame.
   */
  toBe(diagram: string, frames?: Readonly<Record<string, ExpectedFrame>>): void
}

/** `expectSent(server).toBe(…)`: what a client sends in a marble test, heartbeats included. */
export type ExpectSent = (server: FakePhoenix) => SentExpectation

export const expectSentIn =
  ({ expectObservable }: RunHelpers): ExpectSent =>
  (server) => ({
    toBe: (diagram, frames = {}) => {
      const expected = Object.entries(valuesOf(diagram, frames, 'frame')).map(
        ([letter, frame]) => [letter, new FrameLike(frame)] as const,
      )
      // Those that went out in the test itself, before the scheduler subscribes, belong to the same millisecond.
      const sent$ = defer(() => server.sent$.pipe(startWith(...server.sent)))
      expectObservable(sent$).toBe(diagram, Object.fromEntries(expected))
    },
  })
