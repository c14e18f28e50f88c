import { type Socket } from 'node:net'
import { type Shape } from './connection-plan.ts'

interface Segment {
  readonly bytes: Buffer
  readonly dueAt: number
}

/** One direction of a connection: takes bytes from one side and writes them to the other, as the shape says. */
export class Pump {
  /** How many bytes it has passed on. */
  passed = 0
  readonly #to: Socket
  readonly #shape: Shape
  readonly #waiting: Segment[] = []
  /** Passing stops at this number of bytes, and `reached` is called. */
  #limit = Infinity
  #reached = (): void => undefined
  #silent = false
  #ended = false
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined

  constructor(from: Socket, to: Socket, shape: Shape = {}) {
    this.#to = to
    this.#shape = shape
    from.on('data', (bytes: Buffer) => {
      this.#take(bytes)
    })
    from.on('end', () => {
      this.#ended = true
      this.#schedule()
    })
  }

  /** Calls back when so many bytes have been passed on; nothing further passes before that. */
  stopAfter(bytes: number, reached: () => void): void {
    this.#limit = bytes
    this.#reached = reached
  }

  /** What comes is taken and lost from now on, the end included. */
  silence(): void {
    this.#silent = true
    this.#waiting.length = 0
    this.stop()
  }

  stop(): void {
    clearTimeout(this.#timer as NodeJS.Timeout | undefined)
    clearImmediate(this.#timer as NodeJS.Immediate | undefined)
    this.#timer = undefined
  }

  #take(bytes: Buffer): void {
    if (this.#silent) return
    const { splitBytes = Infinity, delayMs = 0, mergeMs = 0 } = this.#shape
    // Gathered bytes wait for the moment that was set by the first of them.
    const dueAt = this.#waiting.at(-1)?.dueAt ?? Date.now() + delayMs + mergeMs
    for (let at = 0; at < bytes.length; at += splitBytes)
      this.#waiting.push({
        bytes: bytes.subarray(at, Math.min(bytes.length, at + splitBytes)),
        dueAt: mergeMs > 0 ? dueAt : Date.now() + delayMs,
      })
    this.#schedule()
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#silent) return
    const first = this.#waiting[0]
    const waitMs = first ? first.dueAt - Date.now() : 0
    const pass = (): void => {
      this.#timer = undefined
      this.#pass()
    }
    if (waitMs > 0) this.#timer = setTimeout(pass, waitMs)
    else if (this.#shape.splitBytes === undefined) pass()
    // Each segment in a turn of its own, so that the system does not join them again.
    else this.#timer = setImmediate(pass)
  }

  #pass(): void {
    const now = Date.now()
    const due: Buffer[] = []
    while (this.#waiting[0] && this.#waiting[0].dueAt <= now) {
      const segment = this.#waiting.shift()
      if (segment) due.push(segment.bytes)
      if (this.#shape.splitBytes !== undefined) break
    }
    this.#write(Buffer.concat(due))
    if (this.#waiting.length > 0) this.#schedule()
    else if (this.#ended && !this.#to.writableEnded && !this.#silent) this.#to.end()
  }

  #write(bytes: Buffer): void {
    if (this.#silent || this.#to.destroyed || this.#to.writableEnded) return
    const passing = bytes.subarray(0, this.#limit - this.passed)
    this.passed += passing.length
    if (passing.length > 0) this.#to.write(passing)
    if (this.passed < this.#limit) return
    this.#limit = Infinity
    this.#reached()
    // What has been reached may have ended this direction, or only the other one.
    this.#write(bytes.subarray(passing.length))
  }
}
