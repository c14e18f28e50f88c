import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { CheckpointLocked } from './durable-error.ts'
import { type OpenLockedFile } from './locked-file.ts'

/** The locks that this process holds. Any other lock with its id is stale: in a container, each process may have the same id. */
const held: Set<string> = new Set()
let takeovers = 0

export const lockedFile: OpenLockedFile | undefined = async (path) => {
  const lock = `${path}.lock`
  await acquire(path, lock)
  return {
    read: () => readIfThere(path),
    write: async (text) => {
      const next = `${path}.next`
      const file = await open(next, 'w')
      try {
        await file.writeFile(text)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(next, path)
      await syncFolder(dirname(path))
    },
    close: async () => {
      if (!held.delete(lock)) return
      await rm(lock, { force: true })
    },
  }
}

const acquire = async (path: string, lock: string): Promise<void> => {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() })
  for (;;) {
    if (held.has(lock)) throw locked(path, lock, `this process (${process.pid})`)
    if (await create(lock, mine)) return
    const found = await readIfThere(lock)
    if (found === undefined) continue
    const holder = holderOf(found)
    // A lock without a holder was left by a crash.
    if (holder && !isGone(holder)) throw locked(path, lock, `process ${holder.pid} on ${holder.host}`)
    await putAway(lock, found)
  }
}

/** Creates the lock with its text in one step, so that it is never seen without its holder. */
const create = async (lock: string, text: string): Promise<boolean> => {
  const draft = `${lock}.${process.pid}.${(takeovers += 1)}`
  // Before the first wait, so that a second feed of this process cannot pass meanwhile.
  held.add(lock)
  let created = false
  try {
    const file = await open(draft, 'w')
    await file.writeFile(text)
    await file.close()
    await link(draft, lock)
    created = true
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    if (!created) held.delete(lock)
    await rm(draft, { force: true })
  }
}

/** Removes a stale lock. If another process has replaced it meanwhile, that one is put back. */
const putAway = async (lock: string, stale: string): Promise<void> => {
  const aside = `${lock}.${process.pid}.${(takeovers += 1)}`
  try {
    await rename(lock, aside)
    if ((await readFile(aside, 'utf8')) !== stale) await link(aside, lock)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error
  } finally {
    await rm(aside, { force: true })
  }
}

interface Holder {
  readonly pid: number
  readonly host: string
}

const holderOf = (text: string): Holder | undefined => {
  try {
    const { pid, host } = Object(JSON.parse(text)) as Partial<Holder>
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined
  } catch {
    return undefined
  }
}

const isGone = ({ pid, host }: Holder): boolean => {
  if (host !== hostname()) return false // it cannot be seen from here
  if (pid === process.pid) return true // an earlier process with the same id: the locks of this one are in `held`
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

const locked = (source: string, lock: string, holder: string): CheckpointLocked =>
  new CheckpointLocked({ source, lock, holder })

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Makes a rename survive a power failure. Windows cannot open folders, and does not need it. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
