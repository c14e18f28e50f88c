import { openSync, readSync } from 'node:fs'

/** How long the thread has run, how long it was kept waiting for a processor, both in nanoseconds, and how often it ran. */
const SCHEDSTAT = '/proc/self/schedstat'

const open = (): number | undefined => {
  try {
    return openSync(SCHEDSTAT, 'r')
  } catch {
    return undefined // not Linux
  }
}

const file = open()
const buffer = Buffer.alloc(128)

/** Milliseconds in which this process could have run and was not let, since it began. 0 where the system does not tell. */
const keptWaitingMs = (): number => {
  if (file === undefined) return 0
  const length = readSync(file, buffer, 0, buffer.length, 0)
  return Number(buffer.toString('latin1', 0, length).split(' ')[1]) / 1e6
}

let last = 0

/**
 * A clock, in milliseconds, that stands still while this process is kept waiting for a processor: a machine that is busy with
 * other things is slow for everybody, and no client's fault. It never goes back.
 */
export const fairNow = (): number => {
  last = Math.max(last, performance.now() - keptWaitingMs())
  return last
}
