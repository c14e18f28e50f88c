import { type Line } from './read-lines.ts'

/** What has been done so far. */
export interface Tally {
  read: number
  bytesRead: number
  /** The number of the last line read. */
  lastLine: number
  /** Acknowledged; or sent, where no reply is wanted. */
  done: number
  retried: number
  dead: number
}

export const noTally = (): Tally => ({ read: 0, bytesRead: 0, lastLine: 0, done: 0, retried: 0, dead: 0 })

/** Takes note of a line that was read. */
export const count = (tally: Tally, { number, bytesRead }: Line): void => {
  tally.read += 1
  tally.lastLine = number
  tally.bytesRead = bytesRead
}

export const inFlight = ({ read, done, dead }: Tally): number => read - done - dead

/** The word for lines that are done. */
export type Word = 'acknowledged' | 'sent'

const WIDTH = 20

/** One line for a terminal; with a bar if it is known how much there is, as it is of a file. */
export const progress = (
  tally: Tally,
  word: Word,
  elapsedMs: number,
  totalBytes: number | undefined,
): string => {
  const told = `${n(inFlight(tally))} in flight, ${outcome(tally, word, elapsedMs)}`
  if (totalBytes === undefined || totalBytes === 0) return told
  const share = Math.min(1, tally.bytesRead / totalBytes)
  const full = Math.round(share * WIDTH)
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${`${Math.floor(share * 100)}`.padStart(3)} % ${told}`
}

/** What came of it all. `kept`: how many are in an outbox. */
export const summary = (tally: Tally, word: Word, elapsedMs: number, kept: number): string =>
  `${n(tally.read)} ${tally.read === 1 ? 'line' : 'lines'}: ${outcome(tally, word, elapsedMs)}${kept === 0 ? '' : `; ${n(kept)} kept`}`

const outcome = ({ done, dead, retried }: Tally, word: Word, elapsedMs: number): string =>
  `${n(done)} ${word}, ${n(dead)} dead, ${n(retried)} retried, ${n(Math.round((done * 1000) / Math.max(1, elapsedMs)))}/s`

const format = new Intl.NumberFormat('en')
const n = (value: number): string => format.format(value)
