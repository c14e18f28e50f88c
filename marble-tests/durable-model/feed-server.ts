import { type Message } from '../../lib/index.ts'
import { broadcast, closed, errorTo, okTo } from '../../lib/testing/messages.ts'
import { type FeedSetup } from './feed-history.ts'
import { type Links, type ServerLink } from './links.ts'

export const TOPIC = 'feed:entries'

/** One entry of the log. */
export interface Entry {
  /** From 1. */
  readonly seq: number
  readonly id: number | string
}

/** The server of a feed: a log, of which the oldest entries may go, and channels that read it. */
export class FeedServer {
  /** How many entries there have been. */
  last = 0
  /** Entries up to here are gone. */
  trimmed = 0
  /** So many of the next messages to a channel are lost, though its connection lives. */
  lose = 0
  private readonly setup: FeedSetup
  private readonly firstSent: WeakMap<ServerLink, number> = new WeakMap()
  /** Set once: the connections need the server, and the server them. */
  links: Links | undefined

  constructor(setup: FeedSetup) {
    this.setup = setup
  }

  append(): void {
    this.last += 1
    for (const link of this.readers()) this.push(link, this.last)
  }

  /** Sends something again that was sent before. */
  repeat(back: number): void {
    const seq = this.last - back
    if (seq <= this.trimmed) return
    for (const link of this.readers())
      if (seq >= (this.firstSent.get(link) ?? Infinity)) link.send(this.message(seq))
  }

  receive(message: Message, link: ServerLink): void {
    const { event, topic, joinRef, payload } = message
    if (event === 'phx_join') this.join(message, link)
    else if (event === 'phx_leave') {
      link.joined.delete(topic)
      link.send(okTo(message))
      link.send(closed(topic, joinRef ?? ''))
    } else link.send(errorTo(message, { reason: `unexpected ${event} ${JSON.stringify(payload)}` }))
  }

  /** The entries between two positions, both excluded; undefined if some are gone. */
  between(after: number, before: number | undefined): readonly Entry[] | undefined {
    if (after < this.trimmed) return undefined
    const end = before ?? this.last + 1
    return Array.from({ length: Math.max(0, end - after - 1) }, (_, i) => this.entry(after + 1 + i))
  }

  seqOf(cursor: number | string): number {
    return typeof cursor === 'number' ? cursor : Number(cursor.slice(1))
  }

  private join(message: Message, link: ServerLink): void {
    link.joined.set(message.topic, message.joinRef ?? '')
    const { after } = message.payload as { readonly after?: number | string | null }
    const { resumes, from, overlap } = this.setup
    if (!resumes) {
      link.send(okTo(message, {}))
      return
    }
    const asked = after == null ? undefined : this.seqOf(after)
    const resumed = asked !== undefined && asked >= this.trimmed
    const begin = asked ?? (from === 'now' ? this.last : this.trimmed)
    const cursor = asked === undefined && from === 'now' ? this.cursorOf(begin) : null
    link.send(okTo(message, { resumed: resumed || asked === undefined, cursor }))
    const first = resumed ? Math.max(this.trimmed, begin - overlap) : Math.max(this.trimmed, begin)
    for (let seq = first + 1; seq <= this.last; seq++) this.push(link, seq)
  }

  private push(link: ServerLink, seq: number): void {
    if (this.lose > 0) {
      this.lose -= 1
      return
    }
    if (!this.firstSent.has(link)) this.firstSent.set(link, seq)
    link.send(this.message(seq))
  }

  private message(seq: number): Message {
    return broadcast(TOPIC, 'entry', this.entry(seq))
  }

  private entry(seq: number): Entry {
    return { seq, id: this.cursorOf(seq) }
  }

  private cursorOf(seq: number): number | string {
    return this.setup.ordered ? seq : `e${seq}`
  }

  private readers(): readonly ServerLink[] {
    return [...(this.links?.open ?? [])].filter(({ joined }) => joined.has(TOPIC))
  }
}
