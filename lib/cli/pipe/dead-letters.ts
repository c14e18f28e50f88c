import { closeSync, openSync, writeSync } from 'node:fs'
import { withBytes } from '../print-line.ts'
import { UsageError } from '../exit-code.ts'
import { type Outcome } from './deliver.ts'

type Dead = Extract<Outcome, { type: 'dead' }>

/** Where lines go that could not be delivered. */
export interface DeadLetters {
  write(dead: Dead): void
  close(): void
}

/** Adds to a file, one line of JSON each, at once, so that nothing is lost if we end. Throws `UsageError`. */
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

const letter = ({ line, error, attempts }: Dead): object => {
  const { status, response } = error as { readonly status?: unknown; readonly response?: unknown }
  return {
    line: line.number,
    // As it was, so that `jq .input` gives what can be piped again.
    ...(error instanceof SyntaxError ? { text: line.text } : { input: JSON.parse(line.text) as unknown }),
    error: { name: error.name, message: error.message, status, response: withBytes(response) },
    attempts,
  }
}
