import { createHash } from 'node:crypto'
import { createReadStream, fstatSync } from 'node:fs'
import { auditTime, from, mergeMap, type Observable, Subject } from 'rxjs'
import { type Store } from './open-store.ts'
import { type Line, readLines } from './read-lines.ts'

/** How far the lines of a file have been taken into an outbox. */
interface Kept {
  /** Names the run, as the first part of the keys of its lines. */
  readonly run: string
  /** The last line of which it and all before it are in the outbox. */
  readonly line: number
  /** Of those lines, so that another file is not taken for this one. */
  readonly hash: string
}

const SAVE_EVERY_MS = 200
/** Enough of a hash to tell lines apart. */
const KEY_CHARACTERS = 16
const NOTHING: Kept = { run: '', line: 0, hash: '' }

const chain = (hash: string, { text }: Line): string =>
  createHash('sha256').update(hash).update(text).digest('base64')

/**
 * Where a run is in its input, kept in the database of its outbox until the input has ended: when the same command is run
 * again after a crash, it continues after the last line in the outbox. The key of a line is made of the run, its
 * number, and a hash of everything up to it, so that a line which was stored and not noted has the same key again.
 *
 * For files only: what comes through a pipe after a crash is not known to be what came before.
 */
export class RunProgress {
  /** The line after which to continue. */
  readonly behind: number
  private readonly run: string
  private readonly moved$: Subject<void> = new Subject()
  private readonly taken: { readonly number: number; readonly hash: string; stored: boolean }[] = []
  private hash: string
  /** Writes one after the other: LevelDB may swap two that are under way. */
  private written: Promise<void> = Promise.resolve()

  private constructor(
    private readonly store: Store,
    private readonly name: string,
    private kept: Kept,
  ) {
    this.run = kept.run
    this.behind = kept.line
    this.hash = kept.hash
  }

  /** Undefined if standard input is not a file. */
  static async of(store: Store, name: string, newRun: () => string): Promise<RunProgress | undefined> {
    const { fd } = process.stdin
    if (!fstatSync(fd).isFile()) return undefined
    const key = `rx-phoenix-pipe!${name}`
    const text = await store.get(key)
    const kept = text === undefined ? NOTHING : (JSON.parse(text) as Kept)
    const isSame = kept.run !== '' && (await hashUpTo(kept.line, fd)) === kept.hash
    const progress = new RunProgress(store, key, isSame ? kept : { ...NOTHING, run: newRun() })
    // Before the first line, which gets its key of it.
    await progress.save()
    return progress
  }

  /** Saves the place now and then while it is subscribed. Never completes. */
  get saving$(): Observable<unknown> {
    return this.moved$.pipe(
      auditTime(SAVE_EVERY_MS),
      mergeMap(() => from(this.save())),
    )
  }

  /** A line is being taken. Gives its key, and the function to call when it is in the outbox, or needs not to be. */
  take(line: Line): { readonly key: string; readonly stored: () => void } {
    const { number } = line
    const hash = (this.hash = chain(this.hash, line))
    const taking = { number, hash, stored: false }
    this.taken.push(taking)
    const stored = (): void => {
      taking.stored = true
      for (let first = this.taken[0]; first?.stored; first = this.taken[0]) {
        this.kept = { run: this.run, line: first.number, hash: first.hash }
        this.taken.shift()
      }
      this.moved$.next()
    }
    return { key: `${this.run}:${number}:${hash.slice(0, KEY_CHARACTERS)}`, stored }
  }

  save(): Promise<void> {
    return this.write(() =>
      this.kept.run !== '' ? this.store.put(this.name, JSON.stringify(this.kept)) : undefined,
    )
  }

  /** The input has ended and everything is done: the same command starts from the first line. */
  end(): Promise<void> {
    this.kept = NOTHING
    return this.write(() => this.store.del(this.name))
  }

  private write(change: () => Promise<void> | undefined): Promise<void> {
    return (this.written = this.written.then(change))
  }
}

/** Of the first lines of a file; undefined if it is shorter. */
const hashUpTo = async (last: number, fd: number): Promise<string | undefined> => {
  let { hash } = NOTHING
  if (last === 0) return hash
  const input = createReadStream('', { fd, start: 0, autoClose: false })
  for await (const line of readLines(input)) {
    hash = chain(hash, line)
    if (line.number === last) return hash
  }
  return undefined
}
