import { closeSync, openSync, writeSync } from 'node:fs'
import { withBytes } from '../print-line.ts'
import { UsageError } from '../exit-code.ts'
import { explain } from '../explain.ts'
import { type Outcome } from './deliver.ts'

type Dead = Extract<Outcome, { type: 'dead' }>

/** Where lines go that could not be delivered. */
export interface DeadLetters {
  write(dead: Dead): void
  close(): void
}

/** Adds to a file, one line of JSON each, synchronously, so that nothing is lost if the process ends. Throws `UsageError`. */
export const deadLettersIn = (file: string): DeadLetters => {
  const descriptor = opened(file)
  return {
    write: (dead) => {
      writeSync(descriptor, `${JSON.stringify(letter(dead))}\n`)
    },
    close: () => {
      closeSync(descriptor)
    },
  }
}

const opened = (file: string): number => {
  try {
    return openSync(file, 'a')
  } catch (cause) {
    throw new UsageError(`--dead-letters: ${(cause as Error).message}`)
  }
}

const letter = ({ line, payload, error, attempts }: Dead): object => {
  const { sent, status, response } = error as Partial<Record<'sent' | 'status' | 'response', unknown>>
  return {
    // That of a line which an earlier run has read is not known.
    ...(line.number > 0 && { line: line.number }),
    // Unchanged, so that `jq .input` prints what can be piped again.
    ...(error instanceof SyntaxError ? { text: line.text } : { input: payload }),
    error: { name: error.name, message: explain(error), sent, status, response: withBytes(response) },
    attempts,
  }
}
