/** A list that grows at its end and loses its oldest members, each in constant time. */
export class Kept<A> {
  private items: A[] = []
  private start = 0

  get length(): number {
    return this.items.length - this.start
  }

  /** The member at an index, from 0 for the oldest that is kept. */
  at(index: number): A | undefined {
    return this.items[this.start + index]
  }

  get last(): A | undefined {
    return this.length > 0 ? this.items.at(-1) : undefined
  }

  add(item: A): void {
    this.items.push(item)
  }

  /** Drops the oldest members for as long as the test holds. Returns how many went. */
  dropWhile(isOld: (item: A) => boolean): number {
    const before = this.start
    while (this.start < this.items.length && isOld(this.items[this.start] as A)) this.start += 1
    const dropped = this.start - before
    // Copied only when half of the array is dead, so that dropping stays cheap on average.
    if (this.start > 1_000 && this.start * 2 > this.items.length) {
      this.items = this.items.slice(this.start)
      this.start = 0
    }
    return dropped
  }

  /** The index of the first member for which the test holds; the test must stay true once it is. */
  firstIndex(holds: (item: A) => boolean): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (holds(this.items[this.start + middle] as A)) high = middle
      else low = middle + 1
    }
    return low
  }

  *[Symbol.iterator](): IterableIterator<A> {
    for (let index = this.start; index < this.items.length; index += 1) yield this.items[index] as A
  }
}
