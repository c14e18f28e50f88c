import { type Clock } from './clock.ts'
import { HeartbeatModel } from './heartbeat-model.ts'
import { JoinsModel } from './joins-model.ts'
import { InputModel } from './input-model.ts'
import { INPUT_NAMES, type InputName, reconnectAfter, type Setup, TIMES } from './setup.ts'
import { type Log, outgoing, seenBy, WIRE } from './stimulus.ts'

export type LineStatus = 'idle' | 'connecting' | 'open' | 'waiting' | 'paused'

/** A channel, as the connection sees it. */
export interface Follower {
  follow(status: LineStatus): void
  ended(cause: string): void
}

/** The connection of a socket: S1, S9, S10, S11 and S18. */
export class LineModel {
  status: LineStatus = 'idle'
  joins: JoinsModel
  readonly clock: Clock
  /** When the last of whatever was subscribed has gone; linger counts from then. */
  releasedAt = 0
  readonly inputs: Readonly<Record<InputName, InputModel>>
  /** Counts the failed joins, so that a wake-up finds them in their order. */
  failedJoins = 0
  readonly #setup: Setup
  readonly #log: Log
  readonly #watchers: Set<number> = new Set()
  readonly #followers: Set<Follower> = new Set()
  #shown = ''
  #failures = 0
  #token = 0
  #refs = 0
  /** A link was dialled, so that all inputs are known. */
  #linked = false
  #heartbeat: HeartbeatModel | undefined
  /** Counts the attempts, so that one that was replaced while it told its state goes no further. */
  #epoch = 0
  #cancelTimer: () => void = () => undefined
  #cancelLinger: () => void = () => undefined

  constructor(setup: Setup, clock: Clock, log: Log) {
    this.#setup = setup
    this.clock = clock
    this.#log = log
    this.joins = this.#noJoins()
    const input = (name: InputName): InputModel =>
      new InputModel(name, setup.inputs[name], clock, log, (isNews) => {
        this.#inputGiven(isNews)
      })
    this.inputs = { url: input('url'), params: input('params') }
  }

  nextRef(): string {
    return String(++this.#refs)
  }

  send(joinRef: string, ref: string, topic: string, event: string, payload: unknown): void {
    this.#log.note(WIRE, outgoing(joinRef, ref, topic, event, payload))
  }

  // S1: the first subscriber connects, later ones get the current state at once, the last closes.

  watch(id: number): void {
    this.#watchers.add(id)
    this.#use(() => {
      this.#log.note(seenBy(id), this.#shown)
    })
  }

  unwatch(id: number): void {
    this.releasedAt = this.clock.now
    if (this.#watchers.delete(id)) this.#checkUse()
  }

  attach(follower: Follower): void {
    this.#followers.add(follower)
    this.#use(() => {
      follower.follow(this.status)
    })
  }

  detach(follower: Follower): void {
    if (this.#followers.delete(follower) && this.#followers.size === 0) this.#checkUse()
  }

  #use(tellCurrent: () => void): void {
    this.#cancelLinger()
    if (this.status !== 'idle') tellCurrent()
    else this.#begin()
  }

  #checkUse(): void {
    if (this.#watchers.size + this.#followers.size > 0 || this.status === 'idle') return
    const lingerMs = this.#setup.lingers ? TIMES.linger : 0
    const leftMs = this.releasedAt + lingerMs - this.clock.now
    if (leftMs > 0)
      this.#cancelLinger = this.clock.after(leftMs, () => {
        this.#stop()
      })
    else this.#stop()
  }

  #stop(): void {
    this.#cancelLinger()
    this.#reset()
    this.#letInputsGo()
    this.status = 'idle'
  }

  // S9 and S11: attempts, their inputs, their failures.

  #begin(): void {
    this.#failures = 0
    this.#attempt()
  }

  #attempt(): void {
    this.#reset()
    const epoch = this.#epoch
    this.#become('connecting', `connecting ${this.#failures}`)
    if (epoch !== this.#epoch) return
    this.#cancelTimer = this.clock.after(TIMES.connect, () => {
      this.#fail('ConnectTimeout')
    })
    // Both are asked, also when the first fails.
    const asked = INPUT_NAMES.map((name) => this.inputs[name].ask())
    if (asked.includes(false)) this.#fail('InputFailed')
    else this.#dial()
  }

  /** As soon as all inputs are known. */
  #dial(): void {
    const { url, params } = this.inputs
    if (url.given === undefined || params.given === undefined) return
    this.#linked = true
    this.#log.note(WIRE, `dial ${url.given} ${params.given} ${this.#token}`)
  }

  opened(): void {
    this.#cancelTimer()
    const epoch = this.#epoch
    this.#become('open', `open ${this.#failures}`)
    if (epoch !== this.#epoch) return
    const intervalMs = this.#setup.beats ? TIMES.heartbeat : 0
    this.#heartbeat = new HeartbeatModel(
      {
        clock: this.clock,
        nextRef: () => this.nextRef(),
        out: (frame) => {
          this.#log.note(WIRE, frame)
        },
        resting: () => this.joins.busy,
        proved: () => {
          this.proved()
        },
        timedOut: () => {
          this.#fail('HeartbeatTimeout')
        },
      },
      intervalMs,
    )
  }

  /** S9: the counter returns to zero only after a heartbeat or a join was answered. */
  proved(): void {
    this.#failures = 0
  }

  /** The attempt failed, or the open connection is lost. */
  lost(cause: string): void {
    this.#fail(cause)
  }

  #fail(cause: string): void {
    this.#reset()
    this.#failures += 1
    const delayMs = reconnectAfter(this.#setup, this.#failures)
    if (delayMs === 'stop') {
      this.#giveUp(cause)
      return
    }
    // S9: the wait shown is the wait that happens.
    this.#cancelTimer = this.clock.after(delayMs, () => {
      this.#attempt()
    })
    this.#become('waiting', `waiting ${this.#failures} ${delayMs} ${cause}`)
  }

  #giveUp(cause: string): void {
    this.#cancelLinger()
    this.status = 'idle'
    const [watchers, followers] = [[...this.#watchers], [...this.#followers]]
    this.#watchers.clear()
    this.#followers.clear()
    for (const id of watchers) this.#log.note(seenBy(id), `error ${cause}`)
    if (watchers.length > 0) this.releasedAt = this.clock.now
    for (const follower of followers) follower.ended(cause)
    // Who subscribes again at that finds the streams as they were.
    if (this.#isIdle()) this.#letInputsGo()
  }

  newToken(token: number): void {
    this.#token = token
    if (this.status === 'waiting' || this.#linked) this.#attempt()
  }

  /** S11: a new value of a stream reconnects, once there was an old one to connect with. */
  #inputGiven(isNews: boolean): void {
    if (this.status === 'connecting' && !this.#linked) this.#dial()
    else if (isNews && this.status !== 'paused') this.#attempt()
  }

  /** S11: an attempt that failed and not the end; a wait goes on. */
  inputBreaks(name: InputName): void {
    if (this.inputs[name].break() && this.status !== 'waiting' && this.status !== 'paused')
      this.#fail('InputFailed')
  }

  #isIdle(): boolean {
    return this.status === 'idle'
  }

  #letInputsGo(): void {
    for (const name of INPUT_NAMES) this.inputs[name].letGo()
  }

  // S18.

  wake(): void {
    if (this.status === 'waiting') this.#attempt()
    else this.#heartbeat?.wake()
  }

  pause(on: boolean): void {
    if (this.status === 'idle' || on === (this.status === 'paused')) return
    if (!on) {
      this.#begin()
      return
    }
    this.#reset()
    this.#become('paused', 'paused')
  }

  // Frames.

  /** Whatever comes shows that the server is there. */
  heard(): void {
    this.joins.suspect(false)
    this.#heartbeat?.heard()
  }

  heartbeatAnswered(ref: string | null): boolean {
    return this.#heartbeat?.answered(ref) ?? false
  }

  /** S4: an open connection owns its joins, its heartbeats and its timers; they go with it. */
  #reset(): void {
    this.#epoch += 1
    for (const name of INPUT_NAMES) this.inputs[name].attemptOver()
    this.#cancelTimer()
    this.#heartbeat?.stop()
    this.#heartbeat = undefined
    this.joins = this.#noJoins()
    if (this.#linked) this.#log.note(WIRE, 'closed')
    this.#linked = false
  }

  #noJoins(): JoinsModel {
    return new JoinsModel(this.#setup.joinsInFlight, () => this.#heartbeat?.rest())
  }

  #become(status: LineStatus, shown: string): void {
    this.status = status
    this.#shown = shown
    const epoch = this.#epoch
    for (const id of this.#watchers) this.#log.note(seenBy(id), shown)
    for (const follower of [...this.#followers])
      if (this.#followers.has(follower) && epoch === this.#epoch) follower.follow(status)
  }
}
