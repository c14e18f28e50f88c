import { type Clock } from './clock.ts'
import { type InputKind, type InputName, TIMES } from './setup.ts'
import { INPUTS, type InputMode, type Log } from './stimulus.ts'

/** S11: the url or the params of a socket. A function is evaluated at each attempt; a stream is kept, until it fails. */
export class InputModel {
  mode: InputMode = 'ready'
  /** What was given, for the attempt or by the stream; undefined before that. */
  given: number | undefined
  readonly #name: InputName
  readonly #kind: InputKind
  readonly #clock: Clock
  readonly #log: Log
  /** Told of each value of a stream, and of the one of a function that took its time. */
  readonly #onValue: (isNews: boolean) => void
  #value = 0
  #listens = false
  #cancelTimer: () => void = () => undefined

  constructor(name: InputName, kind: InputKind, clock: Clock, log: Log, onValue: (isNews: boolean) => void) {
    this.#name = name
    this.#kind = kind
    this.#clock = clock
    this.#log = log
    this.#onValue = onValue
  }

  /** For an attempt. A stream that is held is not asked again. Gives false if it fails. */
  ask(): boolean {
    if (this.#kind === 'function') this.letGo()
    if (this.#listens) return true
    switch (this.mode) {
      case 'failing':
        return false
      case 'ready':
        this.given = this.#value
        break
      case 'slow':
        this.#cancelTimer = this.#clock.after(TIMES.input[this.#name], () => {
          this.#log.note(INPUTS, `${this.#name} spoke`)
          this.#give()
        })
        break
      case 'silent':
    }
    this.#listens = this.#kind === 'stream' || this.given === undefined
    return true
  }

  /** The attempt is over: a function that has not answered is forgotten, and a stream is kept. */
  attemptOver(): void {
    if (this.#kind === 'function') this.letGo()
  }

  letGo(): void {
    this.#cancelTimer()
    this.#listens = false
    this.given = undefined
  }

  change(value: number): void {
    this.#value = value
    if (this.#listens) this.#give()
  }

  /** True if the attempt, or the connection, has failed with it. */
  break(): boolean {
    const listened = this.#listens
    if (listened) this.letGo()
    return listened
  }

  #give(): void {
    this.#cancelTimer()
    this.given = this.#value
    if (this.#kind === 'function') this.#listens = false
    this.#onValue(this.#kind === 'stream')
  }
}
