import { Observable, type SchedulerLike, type Subscriber, Subscription } from 'rxjs'
import { ConnectionClosed, ConnectionFailed, type Message } from '../../lib/index.ts'
import { readClientFrame, writeServerFrame } from '../../lib/testing/server-frames.ts'
import { type LinkEvent, type Transport } from '../../lib/transport/transport.ts'

/** One connection, as the server has it. */
export interface ServerLink {
  /** The process at the other end. */
  readonly process: Process
  /** Topics by their join_ref. */
  readonly joined: Map<string, string>
  send(message: Message): void
}

/** A process, which dies when it is told to: nothing that it does afterwards reaches anybody. */
export interface Process {
  readonly name: string
  dead: boolean
}

/** Connections in virtual time, with a delay in each direction, that can be cut and refused. */
export class Links {
  /** While true nobody gets in. */
  down = false
  readonly open: Set<ServerLink> = new Set()
  private readonly ends: Map<ServerLink, Subscriber<LinkEvent>> = new Map()
  private readonly scheduler: SchedulerLike
  private readonly delayMs: number
  private readonly receive: (message: Message, link: ServerLink) => void

  constructor(
    scheduler: SchedulerLike,
    delayMs: number,
    receive: (message: Message, link: ServerLink) => void,
  ) {
    this.scheduler = scheduler
    this.delayMs = delayMs
    this.receive = receive
  }

  /** Ends all connections. What is under way is lost, in both directions. */
  cut(): void {
    for (const [link, subscriber] of [...this.ends]) {
      this.forget(link)
      if (!link.process.dead)
        subscriber.error(new ConnectionClosed({ code: 1006, reason: '', wasClean: false }))
    }
  }

  transport(process: Process): Transport {
    return ({ vsn }) =>
      new Observable<LinkEvent>((subscriber) => {
        const timers = new Subscription()
        const later = (run: () => void): void => {
          timers.add(this.scheduler.schedule(run, this.delayMs))
        }
        const link: ServerLink = {
          process,
          joined: new Map(),
          send: (message) => {
            const frame = writeServerFrame(vsn, message)
            later(() => {
              if (!process.dead && this.open.has(link)) subscriber.next({ type: 'frame', frame })
            })
          },
        }
        later(() => {
          if (process.dead) return
          if (this.down) {
            subscriber.error(new ConnectionFailed('no route'))
            return
          }
          this.open.add(link)
          this.ends.set(link, subscriber)
          const send = (frame: string | Uint8Array): void => {
            if (process.dead) return
            const message = readClientFrame(vsn, frame)
            later(() => {
              if (this.open.has(link)) this.receive(message, link)
            })
          }
          subscriber.next({ type: 'open', link: { bufferedAmount: 0, send } })
        })
        return () => {
          timers.unsubscribe()
          this.forget(link)
        }
      })
  }

  private forget(link: ServerLink): void {
    this.open.delete(link)
    this.ends.delete(link)
  }
}
