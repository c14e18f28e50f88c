import { Lane } from './lane.ts'

/** Of how many connections that were open once the lane is known: their late frames still find it. */
const MAX_NUMBERS = 1_000

/** The lanes of a timeline by name, each made when something first happens on it. */
export class Lanes {
  private readonly byName: Map<string, Lane> = new Map()
  /** The number that a connection keeps over reconnects, by the id that it has while it is open. */
  private readonly numbers: Map<number, number> = new Map()

  /** The connections first, then the topics, each in the order in which they appeared. */
  get all(): readonly Lane[] {
    const lanes = [...this.byName.values()]
    return [
      ...lanes.filter(({ kind }) => kind === 'connection'),
      ...lanes.filter(({ kind }) => kind === 'channel'),
    ]
  }

  channel(topic: string): Lane {
    return this.named('channel', topic)
  }

  connection(number: number): Lane {
    return this.named('connection', String(number))
  }

  /** The lane of the connection that had this id while it was open; of the first connection if the id is unknown. */
  connectionWith(id: number | undefined): Lane {
    return this.connection(this.numbers.get(id ?? 0) ?? 1)
  }

  connectionOpened(id: number, number: number): void {
    this.numbers.set(id, number)
  }

  /** Where a message belongs. Heartbeats have a topic of the protocol itself, which is not a channel. */
  ofMessage(topic: string, connectionId: number): Lane {
    return topic === 'phoenix' ? this.connectionWith(connectionId) : this.channel(topic)
  }

  dropBefore(atMs: number): void {
    for (const [key, lane] of this.byName) {
      lane.dropBefore(atMs)
      if (lane.isOver(atMs)) this.byName.delete(key)
    }
    for (const id of this.numbers.keys()) {
      if (this.numbers.size <= MAX_NUMBERS) break
      this.numbers.delete(id)
    }
  }

  private named(kind: Lane['kind'], name: string): Lane {
    const key = `${kind} ${name}`
    const lane = this.byName.get(key) ?? new Lane(kind, name)
    this.byName.set(key, lane)
    return lane
  }
}
