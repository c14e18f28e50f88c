import { connect, type Socket } from 'node:net'
import { type ConnectionPlan, type Ending, type Greeting } from './connection-plan.ts'
import { Pump } from './pump.ts'
import { reset } from './reset.ts'

/** How long one side of a half-open connection outlives the other: as long as a router remembers. */
const GHOST_MS = 500

/** Bytes that are no HTTP, and no frame either: all reserved bits are set. */
const GARBAGE = Buffer.from([0xff, 0x7f, 0x00, 0x13, 0x37, 0xff, 0xff, 0x0a])

export interface ProxiedConnection {
  /** Counts the connections of a proxy, from 0. */
  readonly number: number
  /** Ends it so, now. */
  end(how: Ending): void
}

interface Hooks {
  readonly fault: (what: string) => void
  readonly gone: () => void
}

/** One connection, between a client and the server, and what its plan does to it. */
export class Proxied implements ProxiedConnection {
  readonly number: number
  readonly #client: Socket
  readonly #hooks: Hooks
  #server: Socket | undefined
  #up: Pump | undefined
  #down: Pump | undefined
  readonly #timers: Set<NodeJS.Timeout> = new Set()

  constructor(number: number, client: Socket, port: number, plan: ConnectionPlan, hooks: Hooks) {
    this.number = number
    this.#client = client
    this.#hooks = hooks
    this.#watch(client)
    if (plan.greeting === undefined) this.#connect(port, plan)
    else this.#greet(plan.greeting)
  }

  end(how: Ending): void {
    if (this.#client.destroyed && this.#server?.destroyed !== false) return
    this.#hooks.fault(`${how} after ${this.#up?.passed ?? 0} bytes up, ${this.#down?.passed ?? 0} down`)
    switch (how) {
      case 'fin':
        this.#client.end()
        this.#server?.end()
        this.#later(() => {
          this.destroy()
        })
        return
      case 'rst':
        reset(this.#client)
        if (this.#server) reset(this.#server)
        return
      case 'garbage':
        this.#down?.silence()
        this.#client.end(GARBAGE)
        if (this.#server) reset(this.#server)
        return
      default:
        if (how !== 'silence down') this.#up?.silence()
        if (how !== 'silence up') this.#down?.silence()
        for (const side of [this.#client, this.#server])
          if (side?.readableEnded === true) this.#forget()
          else side?.on('end', this.#forget)
    }
  }

  /** One side has ended and the other will not be told: it hears of it when the router between has forgotten both. */
  readonly #forget = (): void => {
    this.#later(() => {
      reset(this.#client)
      if (this.#server) reset(this.#server)
    })
  }

  destroy(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#up?.stop()
    this.#down?.stop()
    this.#client.destroy()
    this.#server?.destroy()
  }

  #connect(port: number, { up, down, end }: ConnectionPlan): void {
    const client = this.#client
    const server = (this.#server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }))
    this.#watch(server)
    this.#up = new Pump(client, server, up)
    this.#down = new Pump(server, client, down)
    if (!end) return
    const strike = (): void => {
      this.end(end.how)
    }
    if ('ms' in end.when) this.#later(strike, end.when.ms)
    else (end.when.direction === 'up' ? this.#up : this.#down).stopAfter(end.when.bytes, strike)
  }

  #greet(greeting: Greeting): void {
    const client = this.#client
    this.#hooks.fault(
      typeof greeting === 'string'
        ? `greeted by ${greeting}`
        : `answered ${JSON.stringify(greeting.answer.slice(0, 40))}`,
    )
    if (greeting === 'rst') reset(client)
    else if (greeting === 'fin') client.end()
    else if (greeting !== 'stall')
      client.once('data', () => {
        if (greeting.stayOpen === true) client.write(greeting.answer)
        else client.end(greeting.answer)
      })
    client.on('end', () => client.end())
    client.resume()
  }

  /** When one side has gone without the other being told, the other follows a while later. */
  #watch(side: Socket): void {
    side.on('error', () => undefined) // the close that follows is what counts
    side.on('close', () => {
      const other = side === this.#client ? this.#server : this.#client
      if (!other || other.destroyed) {
        this.destroy()
        this.#hooks.gone()
      } else
        this.#later(() => {
          reset(other)
        })
    })
  }

  #later(run: () => void, ms: number = GHOST_MS): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }
}
