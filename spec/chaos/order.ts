import { type ChannelState, type Message } from '../../lib/index.ts'
import { type Chronicle } from './chronicle.ts'

/** Reads the number that the driver gave to an event; undefined if it is another's. */
const numberOf = (payload: unknown): number | undefined => {
  const n = (payload as { n?: unknown } | null)?.n
  return typeof n === 'number' ? n : undefined
}

const idOf = (payload: unknown): string | undefined => {
  const id = (payload as { id?: unknown } | null)?.id
  return typeof id === 'string' ? id : undefined
}

/**
 * What one client hears of one topic: numbers that rise by one while it is joined, everything once, and nothing that
 * carries the join_ref of another join than the current one. After a join anew on the same connection a broadcast may come
 * twice, since the server may still deliver by way of the join that was replaced (spec/fixtures/wire/README.md, "Races").
 */
export class Order {
  events = 0
  readonly #who: string
  readonly #chronicle: Chronicle
  #status: ChannelState['status'] = 'idle'
  #joinRef: string | undefined
  /** The last number heard, and the last one in this join. */
  #last = -1
  #lastInJoin: number | undefined
  #ids: Set<string> = new Set()
  /** Joins since the connection was last lost, and what has come twice. */
  #joins = 0
  #doubled: Set<string | number> = new Set()

  constructor(who: string, chronicle: Chronicle) {
    this.#who = who
    this.#chronicle = chronicle
  }

  state(state: ChannelState): void {
    this.#chronicle.note(this.#who, state.status + (state.status === 'joined' ? ` ${state.joinRef}` : ''))
    // Who subscribes late finds it joined; so does who comes back after a close, if somebody else was faster.
    if (state.status === 'joined' && !['idle', 'closed', 'joining'].includes(this.#status))
      this.#violated('a topic is joining before it is joined', { after: this.#status })
    this.#status = state.status
    this.#joinRef = state.status === 'joined' ? state.joinRef : undefined
    this.#lastInJoin = undefined
    if (state.status === 'joined') this.#joins += 1
    if (state.status === 'waiting') this.#joins = 0
  }

  /** A message of `messages$`. */
  message({ event, joinRef, payload }: Message): void {
    if (joinRef !== null && joinRef !== this.#joinRef)
      this.#violated('nothing of an old join is delivered', {
        event,
        joinRef,
        current: this.#joinRef,
        payload,
      })
  }

  /** A payload of `on`, of the event that the driver and all clients broadcast. */
  event(payload: unknown): void {
    this.events += 1
    const n = numberOf(payload)
    if (n !== undefined) this.#number(n)
    const id = idOf(payload)
    if (id === undefined) return
    if (this.#ids.has(id) && !this.#mayDouble(id)) this.#violated('an event is delivered once', { id })
    this.#ids.add(id)
  }

  /** Between storms: what has been heard will not come again, and need not be kept. */
  forget(): void {
    this.#ids = new Set()
    this.#doubled = new Set()
  }

  /** Once for each event. */
  #mayDouble(event: string | number): boolean {
    if (this.#joins < 2 || this.#doubled.has(event)) return false
    this.#doubled.add(event)
    return true
  }

  #number(n: number): void {
    if (n === this.#last && this.#mayDouble(n)) return
    if (n <= this.#last) this.#violated('events come once, in order', { n, last: this.#last })
    if (this.#joinRef !== undefined && this.#lastInJoin !== undefined && n !== this.#lastInJoin + 1)
      this.#violated('no event is lost while joined', { n, last: this.#lastInJoin })
    this.#last = n
    if (this.#joinRef !== undefined) this.#lastInJoin = n
  }

  #violated(invariant: string, found: object): void {
    this.#chronicle.violated(invariant, `${this.#who}: ${JSON.stringify(found)}`)
  }
}
