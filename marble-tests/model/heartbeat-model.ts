import { type Clock } from './clock.ts'
import { outgoing } from './stimulus.ts'

const LONGEST_PROBE_MS = 5_000

/** What heartbeats need of their connection. */
export interface HeartbeatHost {
  readonly clock: Clock
  nextRef(): string
  out(frame: string): void
  /** A join is under way, so that the server answers nothing else. */
  resting(): boolean
  /** A heartbeat was answered. */
  proved(): void
  timedOut(): void
}

/** S10 and S18, for one open connection: a heartbeat from time to time, and a probe at each wake-up. */
export class HeartbeatModel {
  readonly #host: HeartbeatHost
  readonly #intervalMs: number
  /** Of the heartbeat that waits for its reply. */
  #ref: string | undefined
  #leftMs = 0
  #deadlineMs = 0
  #tickingSince: number | undefined
  #cancelTimer: () => void = () => undefined
  #probing = false

  constructor(host: HeartbeatHost, intervalMs: number) {
    this.#host = host
    this.#intervalMs = intervalMs
    this.#waitForNext()
  }

  stop(): void {
    this.#cancelTimer()
    this.#ref = undefined
  }

  /** S18: a probe, unless one is under way. It takes the place of the heartbeat that waits. */
  wake(): void {
    if (this.#probing) return
    this.#probing = true
    this.#beat(this.#intervalMs === 0 ? LONGEST_PROBE_MS : Math.min(this.#intervalMs, LONGEST_PROBE_MS))
  }

  /** True if this is the reply that is waited for. S10: the next heartbeat counts from here. */
  answered(ref: string | null): boolean {
    if (ref === null || ref !== this.#ref) return false
    this.#ref = undefined
    this.#probing = false
    this.#host.proved()
    this.#waitForNext()
    return true
  }

  /** S10: any frame is a sign of life, from which the deadline counts anew. */
  heard(): void {
    if (this.#ref === undefined) return
    this.#halt()
    this.#leftMs = this.#deadlineMs
    this.rest()
  }

  /** S10: the deadline rests while a join is in flight, and goes on where it stood. */
  rest(): void {
    if (this.#ref === undefined) return
    if (this.#host.resting()) this.#halt()
    else this.#tick()
  }

  #waitForNext(): void {
    this.#cancelTimer()
    if (this.#intervalMs === 0) return
    this.#cancelTimer = this.#host.clock.after(this.#intervalMs, () => {
      this.#beat(this.#intervalMs)
    })
  }

  #beat(deadlineMs: number): void {
    this.#cancelTimer()
    this.#tickingSince = undefined
    this.#ref = this.#host.nextRef()
    this.#leftMs = deadlineMs
    this.#deadlineMs = deadlineMs
    this.#host.out(outgoing(null, this.#ref, 'phoenix', 'heartbeat', {}))
    this.rest()
  }

  #tick(): void {
    if (this.#tickingSince !== undefined) return
    const { clock } = this.#host
    this.#tickingSince = clock.now
    this.#cancelTimer = clock.after(this.#leftMs, () => {
      this.#host.timedOut()
    })
  }

  #halt(): void {
    if (this.#tickingSince === undefined) return
    this.#leftMs -= this.#host.clock.now - this.#tickingSince
    this.#tickingSince = undefined
    this.#cancelTimer()
  }
}
