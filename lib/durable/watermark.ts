import { type Delivery, type Flow } from './feed-event.ts'

/** A delivery that is not committed yet. */
export interface InHand<A> {
  readonly delivery: Delivery<A>
  done: boolean
  next: InHand<A> | undefined
}

/**
 * The deliveries that are not committed yet, in order: commits the last one up to which all are done. The feed counts a delivery
 * until it is committed, not only until it is done, so that the number that waits behind a slow one is bounded, too.
 */
export class Watermark<A> {
  private first: InHand<A> | undefined
  private last: InHand<A> | undefined

  add(delivery: Delivery<A>): InHand<A> {
    const added: InHand<A> = { delivery, done: false, next: undefined }
    if (this.last) this.last.next = added
    else this.first = added
    this.last = added
    flowOf(delivery)?.take()
    return added
  }

  done(inHand: InHand<A>): void {
    inHand.done = true
    const flows: (Flow | undefined)[] = []
    let passed: InHand<A> | undefined
    while (this.first?.done) {
      passed = this.first
      flows.push(flowOf(passed.delivery))
      this.first = passed.next
    }
    if (!this.first) this.last = undefined
    passed?.delivery.commit()
    // Last, since a feed that was waiting for this continues within the call.
    for (const flow of flows) flow?.settle()
  }

  /** The rest will not be handled: it is not counted any longer, and not committed. */
  release(): void {
    let rest = this.first
    this.first = this.last = undefined
    for (; rest; rest = rest.next) flowOf(rest.delivery)?.settle()
  }
}

/** Undefined if the delivery was made by hand, as in a test. */
const flowOf = (delivery: Delivery<unknown>): Flow | undefined => (delivery as { readonly flow?: Flow }).flow
