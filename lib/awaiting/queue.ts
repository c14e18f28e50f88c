/** First in, first out, at a cost that does not grow with what is waiting: an array's `shift` is linear. */
export class Queue<A> {
  private items: A[] = []
  private taken = 0

  get size(): number {
    return this.items.length - this.taken
  }

  add(item: A): void {
    this.items.push(item)
  }

  /** Takes the oldest. Only for a queue that is not empty. */
  take(): A {
    const item = this.items[this.taken] as A
    this.taken += 1
    // Taken items are released when they are half of all, so that each item is moved once on average.
    if (this.taken * 2 >= this.items.length) {
      this.items = this.items.slice(this.taken)
      this.taken = 0
    }
    return item
  }

  clear(): void {
    this.items = []
    this.taken = 0
  }
}
