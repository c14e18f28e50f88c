import { type Observable, of } from 'rxjs'
import { type Message } from '../../lib/index.ts'
import { dialects } from '../../lib/live-state/dialects.ts'
import { okTo, pushed } from '../../lib/testing/index.ts'

export type DialectName = keyof typeof dialects

/** A counter: the state of these tests. */
export interface Counter {
  readonly n: number
}

/** The messages of a server that counts. */
export const counter = (
  name: DialectName,
): {
  readonly whole: (n: number, version?: number, joinRef?: string) => Message
  /** Sets n to the version. */
  readonly patch: (version: number, joinRef?: string) => Message
  readonly patchOf: (version: number, operations: unknown) => Message
  readonly error: (payload: unknown) => Message
  /** Answers joins, and pushes the state after them: with n of the first join, of the second and so on. */
  readonly joins: (...ns: readonly number[]) => (message: Message) => Observable<Message>
} => {
  const { change, patch, error, operationsKey = 'operations' } = dialects[name]
  const whole = (n: number, version = 0, joinRef = '1'): Message =>
    pushed('room:a', joinRef, change, { state: { n }, version })
  const patchOf = (version: number, operations: unknown, joinRef = '1'): Message =>
    pushed('room:a', joinRef, patch, { [operationsKey]: operations, version })
  return {
    whole,
    patchOf,
    patch: (version, joinRef) => patchOf(version, [{ op: 'replace', path: '/n', value: version }], joinRef),
    error: (payload) => pushed('room:a', '1', error, payload),
    joins: (...ns) => {
      let count = 0
      return (message) => {
        const n = ns[count++] ?? ns.at(-1) ?? 0
        return of(okTo(message), whole(n, 0, message.joinRef ?? ''))
      }
    },
  }
}

export const seance: ReturnType<typeof counter> = counter('seance')
export const lvs: ReturnType<typeof counter> = counter('live-state')
