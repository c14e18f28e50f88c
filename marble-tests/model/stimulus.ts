import { type Message } from '../../lib/index.ts'
import { type InputName, type Options, type Topic } from './setup.ts'

/** What one can subscribe to. */
export type Target =
  | { readonly to: 'socket' }
  | { readonly to: 'channel' | 'news'; readonly topic: Topic; readonly options: Options }
  | {
      readonly to: 'push' | 'send'
      readonly topic: Topic
      readonly options: Options
      /** How often it is sent again when it fails, by `retry`. */
      readonly retries: number
    }

/** How it goes when an input is evaluated, or subscribed, next: at once, after a time, not at all, or never. */
export type InputMode = 'ready' | 'slow' | 'failing' | 'silent'

/** One thing that happens to a client: what a user does, what the network does, or time. */
export type Stimulus =
  | { readonly type: 'subscribe'; readonly id: number; readonly target: Target }
  | { readonly type: 'unsubscribe'; readonly id: number }
  | { readonly type: 'wake' }
  | { readonly type: 'pause'; readonly on: boolean }
  | { readonly type: 'token'; readonly value: number }
  | { readonly type: 'join params'; readonly topic: Topic; readonly value: number }
  | { readonly type: 'input'; readonly of: InputName; readonly value: number }
  | { readonly type: 'input mode'; readonly of: InputName; readonly mode: InputMode }
  /** It fails for whoever is subscribed to it. */
  | { readonly type: 'input breaks'; readonly of: InputName }
  | { readonly type: 'opened' }
  | { readonly type: 'lost'; readonly cause: LossCause }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'garbage'; readonly frame: string | Uint8Array }
  | { readonly type: 'time'; readonly ms: number }

export type LossCause = 'ConnectionRefused' | 'ConnectionFailed' | 'ConnectionClosed'

/** The client, or the model of it. */
export interface Subject {
  readonly log: Log
  apply(stimulus: Stimulus): void
}

/** Something that could be seen from outside: who saw it (a subscription, the wire), when and what. */
export interface Entry {
  readonly at: number
  readonly who: string
  readonly what: string
}

/** One thing that happened, and what could be seen from then on until the next. */
export interface Step {
  readonly stimulus: Stimulus
  readonly entries: Entry[]
}

/** What can be seen from outside, in its order. */
export class Log {
  readonly steps: Step[] = []
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  begin(stimulus: Stimulus): void {
    this.steps.push({ stimulus, entries: [] })
  }

  note(who: string, what: string): void {
    this.steps.at(-1)?.entries.push({ at: this.#now(), who, what })
  }

  /** The same by who saw it: in which order two of them see something at the same moment is no rule. */
  views(): ReadonlyMap<string, readonly string[]> {
    const views: Map<string, string[]> = new Map()
    for (const { at, who, what } of this.steps.flatMap(({ entries }) => entries)) {
      const view = views.get(who)
      if (view) view.push(`${at} ${what}`)
      else views.set(who, [`${at} ${what}`])
    }
    return views
  }
}

/** Who sees what a subscription gives. */
export const seenBy = (id: number): string => `subscription ${id}`
export const UNSUBSCRIBED = 'unsubscribed'
export const WIRE = 'wire'
/** The inputs that took their time. */
export const INPUTS = 'inputs'
/** The states that can be read without subscribing. */
export const STATES = 'states'

/** A message of the client, as the logs show it. */
export const outgoing = (
  joinRef: string | null,
  ref: string,
  topic: string,
  event: string,
  payload: unknown,
): string => `out ${joinRef ?? '-'}/${ref} ${topic} ${event} ${JSON.stringify(payload)}`
