import { type Readable } from 'node:stream'

/** A line that is not blank. */
export interface Line {
  /** From 1, as editors count. */
  readonly number: number
  readonly text: string
  /** The bytes of the input up to the end of this line. */
  readonly bytesRead: number
}

/** Reads lines when they are asked for, and no sooner, so that the writer has to wait for us. */
export async function* readLines(input: Readable): AsyncGenerator<Line, void, undefined> {
  let number = 0
  let bytesBefore = 0
  /** The beginning of a line; in parts, since to join a long one at each chunk would take ever longer. */
  let begun: Buffer[] = []
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let from = 0
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      begun.push(chunk.subarray(from, to))
      const text = textOf(begun, number === 0)
      begun = []
      from = to + 1
      number += 1
      if (text.trim() !== '') yield { number, text, bytesRead: bytesBefore + from }
    }
    begun.push(chunk.subarray(from))
    bytesBefore += chunk.length
  }
  const text = textOf(begun, number === 0)
  if (text.trim() !== '') yield { number: number + 1, text, bytesRead: bytesBefore }
}

/** The first line without the mark that editors on Windows begin a file with, which is not JSON. */
const textOf = (parts: readonly Buffer[], first: boolean): string => {
  const text = Buffer.concat(parts).toString()
  return first ? text.replace(/^\uFEFF/, '') : text
}

const NEWLINE = 0x0a
