import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ledger } from './ledger.ts'

export interface LaneOptions {
  readonly url: string
  readonly topic: string
  readonly folder: string
  /** The folder of `writer.js` and `reader.js`. */
  readonly programs: string
  readonly ledger: Ledger
  /** From 0 up to 1. */
  readonly random: () => number
}

/** How many lines a process may write before it is killed, and for how long it is waited for them, in milliseconds. */
const LINES = 25
const LIFE_MS = 1_000
/** How often it is looked whether all is applied, and after how long without any progress it never will be, in milliseconds. */
const LOOK_MS = 20
const STANDSTILL_MS = 30_000

/** One writer, one reader, and what is known of them from outside. */
export class Lane {
  readonly problems: string[] = []
  kills = 0
  private readonly options: LaneOptions
  private readonly checkpoint: string
  /** The last order that the writer said was stored. */
  private stored = 0

  constructor(options: LaneOptions) {
    this.options = options
    this.checkpoint = join(options.folder, 'checkpoint')
  }

  /** How many orders were stored. */
  get orders(): number {
    return this.stored
  }

  /** Kills both over and over, each at its own times, until there were enough kills. */
  async run(enough: () => boolean): Promise<void> {
    await Promise.all([
      this.over(enough, () => this.writer(this.stored + 1)),
      this.over(enough, () => this.reader()),
    ])
  }

  /** Lets a writer and a reader finish, and looks at what came of it all. */
  async finish(): Promise<void> {
    const { ledger, topic } = this.options
    if (this.problems.length > 0) return
    const last = this.writer(0)
    await once(last, 'exit')
    const reader = this.reader()
    // What was passed over is never applied: it must not be waited for without end.
    let [seen, idleMs] = [0, 0]
    while (
      ledger.applied.length < ledger.orders.length &&
      reader.exitCode === null &&
      idleMs < STANDSTILL_MS
    ) {
      await sleep(LOOK_MS)
      idleMs = ledger.applied.length > seen ? 0 : idleMs + LOOK_MS
      seen = ledger.applied.length
    }
    reader.kill('SIGTERM')
    await once(reader, 'exit')
    await this.look()
    const wrong = (what: string, found: readonly number[], count: number): void => {
      const at = found.findIndex((n, i) => n !== i + 1)
      if (at >= 0) this.problems.push(`${topic}: ${what} ${at + 1} is number ${found[at]}`)
      if (found.length < count) this.problems.push(`${topic}: ${found.length} of ${count} ${what}s`)
    }
    wrong('order', ledger.orders, this.stored)
    wrong('application', ledger.applied, ledger.orders.length)
  }

  private async over(enough: () => boolean, start: () => ChildProcess): Promise<void> {
    while (!enough() && this.problems.length === 0) {
      const child = start()
      const exit = once(child, 'exit')
      const { random } = this.options
      // Some die while they start, most in the middle of their work: at some moment after a line.
      if (random() < 0.9) {
        await Promise.race([once(child, 'line'), exit])
        await Promise.race([lines(child, random() * LINES), sleep(LIFE_MS), exit])
      }
      await Promise.race([sleep(random() * 40), exit])
      if (child.exitCode !== null) {
        this.problems.push(`${this.options.topic}: a process ended by itself with ${child.exitCode}`)
        return
      }
      child.kill('SIGKILL')
      await exit
      this.kills += 1
      await this.look()
    }
  }

  private writer(from: number): ChildProcess {
    const { url, topic, folder } = this.options
    return this.start('writer.js', [url, topic, join(folder, 'outbox'), `${from}`], (line) => {
      const n = Number(line)
      if (n > 0) this.stored = n
    })
  }

  private reader(): ChildProcess {
    const { url, topic } = this.options
    return this.start('reader.js', [url, topic, this.checkpoint], (line) => {
      if (line.startsWith('trouble')) this.problems.push(`${topic}: ${line}`)
    })
  }

  private start(program: string, args: readonly string[], hear: (line: string) => void): ChildProcess {
    const child = spawn(process.execPath, [join(this.options.programs, program), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      hear(line)
      child.emit('line')
    })
    return child
  }

  /** The checkpoint must be whole, and not ahead of what was applied. */
  private async look(): Promise<void> {
    const { ledger, topic } = this.options
    const text = await readFile(this.checkpoint, 'utf8').catch(() => undefined)
    if (text === undefined) return
    try {
      const { cursor } = JSON.parse(text) as { readonly cursor: number }
      if (cursor > ledger.applied.length)
        this.problems.push(`${topic}: the checkpoint is at ${cursor}, ${ledger.applied.length} were applied`)
    } catch {
      this.problems.push(`${topic}: the checkpoint is broken: ${text}`)
    }
  }
}

const lines = async (child: ChildProcess, count: number): Promise<void> => {
  for (let heard = 0; heard < count; heard++) await once(child, 'line')
}
