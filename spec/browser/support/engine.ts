/** A page of a browser. */
export interface Tab {
  goto(url: string): Promise<unknown>
  /** The value of an expression in the page, once its Promise is kept. Plain data only. */
  evaluate<A = unknown>(expression: string): Promise<A>
  close(): Promise<unknown>
}

export interface Engine {
  newPage(): Promise<Tab>
  close(): Promise<unknown>
}
