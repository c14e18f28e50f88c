import { map } from 'rxjs'
import { type RunHelpers } from 'rxjs/testing'
import { ConnectionClosed, type ConnectionError } from '../protocol/connection-error.ts'
import { PHX_JOIN } from '../protocol/event.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { lettersIn, valuesOf } from './diagram-letters.ts'
import { type FakePhoenix, fakePhoenix, type FakePhoenixOptions } from './fake-phoenix.ts'

/**
 * What a letter in a line of the server stands for: a message, a raw frame, or a function that makes a message of the
 * join_ref that a topic has at that time.
 */
export type ServerLine =
  'open' | Message | { readonly raw: Frame } | ((joinRefOf: (topic: string) => string) => Message)

/** Options of a server that follows diagrams. */
export interface MarblePhoenixOptions extends Pick<FakePhoenixOptions, 'answer'> {
  /** What `#` stands for. Default: `ConnectionClosed` with code 1006, a line that was cut. */
  readonly error?: ConnectionError
}

/**
 * A fake server whose links follow marble diagrams: `phoenix('o--m--#', { m: broadcast(…) })` opens immediately (`o`), sends
 * something unasked after three milliseconds, and is cut three later (`#`). Times count from the start of the attempt.
 * A list has a diagram for each link, the last of which serves for all that follow. Default: `'o'`.
 *
 * What the client sends is answered as with `fakePhoenix`, by default immediately with `ok`.
 * Throws an Error immediately for a letter that has no value, and for a link that sends something before it opens.
 */
export type MarblePhoenix = (
  lines?: string | readonly [string, ...string[]],
  values?: Readonly<Record<string, ServerLine>>,
  options?: MarblePhoenixOptions,
) => FakePhoenix

export const phoenixIn =
  ({ cold }: RunHelpers): MarblePhoenix =>
  (lines = 'o', values = {}, { error = CUT, ...options } = {}) => {
    const diagrams = typeof lines === 'string' ? [lines] : lines
    const all = { o: 'open' as const, ...values }
    for (const diagram of diagrams) check(diagram, all)
    const server = fakePhoenix({
      ...options,
      link: (index) =>
        cold<ServerLine>(diagrams[index] ?? diagrams.at(-1) ?? 'o', all, error).pipe(
          map((line) => (typeof line === 'function' ? line(joinRefOf) : line)),
        ),
    })
    const joinRefOf = (topic: string): string => {
      const join = server.sent.filter((sent) => sent.topic === topic && sent.event === PHX_JOIN).at(-1)
      if (join?.joinRef == null)
        throw new Error(`The server has a message for "${topic}" before the client has joined it.`)
      return join.joinRef
    }
    return server
  }

const CUT = new ConnectionClosed({ code: 1006, reason: '', wasClean: false })

const check = (diagram: string, values: Readonly<Record<string, ServerLine>>): void => {
  valuesOf(diagram, values, 'message')
  const [first] = lettersIn(diagram)
  if (first !== undefined && values[first] !== 'open')
    throw new Error(`The link "${diagram}" sends "${first}" before it opens. Begin with "o".`)
}
