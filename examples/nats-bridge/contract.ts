export interface Order {
  /** From 1, without a gap: where to go on after an outage. */
  readonly seq: number
  readonly id: string
}

/** The channel `orders:new`: all orders after the one that is known to be in the queue. */
export interface OrdersContract {
  readonly join: { readonly params: { readonly after: number }; readonly reply: object }
  readonly events: { readonly order: Order }
}

/** The channel `orders:done`. An order is known by its id: to settle it again changes nothing. */
export interface DoneContract {
  readonly pushes: {
    readonly settle: {
      readonly payload: { readonly id: string; readonly worker: string }
      readonly reply: { readonly again: boolean }
    }
  }
}
