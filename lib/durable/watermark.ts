import { type Delivery, type Flow } from './feed-event.ts'

/** A delivery in hand. */
export interface InHand<A> {
  readonly delivery: Delivery<A>
  done: boolean
  next: InHand<A> | undefined
}

/**
 * The deliveries in hand, in order: commits the last one before which all are done. A delivery counts for its feed until
 * then, and not until it is done, so that what piles up behind a slow one is bounded too.
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
    // Last, since a feed that was waiting for this goes on within.
    for (const flow of flows) flow?.settle()
  }

  /** Nobody will do the rest: it counts no longer, and is not committed. */
  release(): void {
    let rest = this.first
    this.first = this.last = undefined
    for (; rest; rest = rest.next) flowOf(rest.delivery)?.settle()
  }
}

/** None, if the delivery was made by hand, as in a test. */
const flowOf = (delivery: Delivery<unknown>): Flow | undefined => (delivery as { readonly flow?: Flow }).flow
