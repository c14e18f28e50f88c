import { defer, type BehaviorSubject, merge, repeat, type Subscription, tap, timer } from 'rxjs'
import { type Channel, type PhoenixSocket } from '../../lib/index.ts'
import { type Chronicle } from './chronicle.ts'
import { Order } from './order.ts'

/** A room that a client is in, most of the time, and what it hears there. */
export class HeldRoom {
  readonly channel: Channel
  readonly order: Order
  readonly #params$: BehaviorSubject<object>
  readonly #who: string
  readonly #chronicle: Chronicle
  #held: Subscription | undefined

  constructor(
    socket: PhoenixSocket,
    topic: string,
    params$: BehaviorSubject<object>,
    who: string,
    chronicle: Chronicle,
  ) {
    this.channel = socket.channel(topic, { params: params$ })
    this.#params$ = params$
    this.#who = `${who} ${topic}`
    this.#chronicle = chronicle
    this.order = new Order(this.#who, chronicle)
  }

  get isHeld(): boolean {
    return this.#held !== undefined
  }

  get isJoined(): boolean {
    return this.channel.state.status === 'joined'
  }

  hold(): void {
    if (this.#held) return
    const { channel, order } = this
    this.#held = defer(() =>
      merge(
        channel.pipe(
          tap((state) => {
            order.state(state)
          }),
        ),
        channel.messages$.pipe(
          tap((message) => {
            order.message(message)
          }),
        ),
        channel.on('broadcasted').pipe(
          tap((payload) => {
            order.event(payload)
          }),
        ),
      ),
    )
      // It completes when the server closes the channel, as it was asked to by a push.
      .pipe(repeat({ delay: () => timer(1) }))
      .subscribe({
        error: (error: Error) => {
          this.#chronicle.violated('a channel survives what is no refusal', `${this.#who}: ${String(error)}`)
        },
      })
  }

  release(): void {
    this.#chronicle.note(this.#who, 'is left')
    this.#held?.unsubscribe()
    this.#held = undefined
    this.order.state({ status: 'idle' })
  }

  /** Joins anew, on the same connection. */
  changeParams(n: number): void {
    this.#params$.next({ n, push_on_join: n % 3 })
  }
}
