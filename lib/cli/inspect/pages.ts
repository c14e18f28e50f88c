import { type ShownChannel, type Told } from './told.ts'

/** Sends one message, as JSON, to a page. */
type Send = (json: string) => void

/** What is kept for a page that is loaded later, or again: as much as a page itself keeps. */
const KEPT_EVENTS = 100_000
const KEPT_CHARACTERS = 50_000_000

/** How long news is gathered into one message. */
const GATHERED_MS = 50

/** Tells all open pages what happens, and a page that opens what has happened. */
export class Pages {
  /** Trace events, as JSON. */
  private events: string[] = []
  private characters = 0
  private channels: () => readonly ShownChannel[] = () => []
  private readonly open = new Set<Send>()
  private gathered: string[] = []
  private isChanged = false
  private timer: NodeJS.Timeout | undefined

  trace(event: unknown): void {
    const json = JSON.stringify(event)
    this.events.push(json)
    this.characters += json.length
    if (this.events.length > KEPT_EVENTS || this.characters > KEPT_CHARACTERS) this.makeRoom()
    if (this.open.size === 0) return
    this.gathered.push(json)
    this.tellSoon()
  }

  /** The channels have changed; they are read when there is a page to send them to. */
  show(channels: () => readonly ShownChannel[]): void {
    this.channels = channels
    if (this.open.size === 0) return
    this.isChanged = true
    this.tellSoon()
  }

  /** Returns how the page is disconnected. */
  connect(send: Send): () => void {
    // What the others still wait for is in the history that this one gets.
    this.tell()
    send(json({ reset: true }))
    send(eventsIn(this.events))
    send(json({ channels: this.channels() }))
    this.open.add(send)
    return () => {
      this.open.delete(send)
      if (this.open.size === 0) this.tell()
    }
  }

  /** A tenth more than needed, since taking from the front costs as much as is left. */
  private makeRoom(): void {
    let from = Math.max(0, this.events.length - KEPT_EVENTS * 0.9)
    for (const { length } of this.events.slice(0, from)) this.characters -= length
    while (this.characters > KEPT_CHARACTERS * 0.9 && from < this.events.length) {
      this.characters -= this.events[from]?.length ?? 0
      from += 1
    }
    this.events = this.events.slice(from)
  }

  private tellSoon(): void {
    this.timer ??= setTimeout(() => {
      this.tell()
    }, GATHERED_MS)
  }

  private tell(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const { gathered, isChanged } = this
    this.gathered = []
    this.isChanged = false
    for (const send of this.open) {
      if (gathered.length > 0) send(eventsIn(gathered))
      if (isChanged) send(json({ channels: this.channels() }))
    }
  }
}

const json = (told: Told): string => JSON.stringify(told)

const eventsIn = (events: readonly string[]): string => `{"events":[${events.join()}]}`
