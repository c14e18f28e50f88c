/** The least that all clients can do, with callbacks, so that the measure adds nothing to any of them. */
export interface BenchClient {
  /** Resolves when the connection is open. */
  open(): Promise<void>
  /** Joins and listens to one event. `joined` is told of the join; of rejoins too, if the options ask for them. */
  join(topic: string, event: string, heard: (payload: unknown) => void, joined: () => void): void
  push(topic: string, event: string, payload: unknown, replied: (response: unknown) => void): void
  /** Wants no reply, and takes none amiss. */
  send(topic: string, event: string, payload?: unknown): void
  close(): void
}

export interface BenchClientOptions {
  readonly url: string
  /** Whether `joined` is called again after a reconnect. */
  readonly watchRejoins: boolean
  /** What `rx` does besides: decodes payloads, or tells a trace. Others have nothing of the kind. */
  readonly besides?: 'decode' | 'trace' | undefined
}

export type MakeBenchClient = (options: BenchClientOptions) => BenchClient
