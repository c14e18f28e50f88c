import { EMPTY, merge, type Observable, of, Subject } from 'rxjs'
import { type Message } from '../../lib/index.ts'
import { type Presence } from '../../lib/presence/presence-state.ts'
import {
  answerOk,
  broadcast,
  crashed,
  type FakePhoenix,
  fakePhoenix,
  okTo,
  openLink,
  pushed,
} from '../../lib/testing/index.ts'
import { withRefs } from './support.ts'

export type Action =
  | { readonly type: 'track' | 'update' | 'untrack'; readonly key: string }
  /** The channel crashes; the connection is cut. */
  | { readonly type: 'crash' | 'cut' }
  /** After a join the list is made, and pushed: what changes in between overtakes it. */
  | { readonly type: 'list' | 'push' }

const TOPIC = 'room:a'

/** A server with a list of presences, which does what it is told. */
export class ModelServer {
  readonly fake: FakePhoenix
  #frames$: Subject<Message> = new Subject()
  readonly #refs: Map<string, readonly string[]> = new Map()
  #nextRef = 0
  /** Whether and as what the client is joined. */
  #joinRef: string | undefined
  #due: 'list' | Message | undefined

  constructor() {
    this.fake = fakePhoenix({
      link: () => {
        this.#frames$ = new Subject()
        return merge(openLink, this.#frames$)
      },
      answer: (message) => this.#answer(message),
    })
  }

  get entries(): Readonly<Record<string, Presence>> {
    return Object.fromEntries([...this.#refs].map(([key, refs]) => [key, withRefs(...refs)]))
  }

  do(action: Action): void {
    switch (action.type) {
      case 'track':
        this.#change(action.key, String(this.#nextRef++))
        return
      case 'update':
      case 'untrack': {
        const first = this.#refs.get(action.key)?.[0]
        if (first === undefined) return
        this.#change(action.key, action.type === 'update' ? String(this.#nextRef++) : undefined, first)
        return
      }
      case 'list':
        if (this.#due === 'list')
          this.#due = pushed(TOPIC, this.#joinRef ?? '', 'presence_state', this.entries)
        return
      case 'push':
        this.do({ type: 'list' })
        if (typeof this.#due === 'object') this.#frames$.next(this.#due)
        this.#due = undefined
        return
      case 'crash':
      case 'cut':
        this.#lose(action.type)
    }
  }

  #answer(message: Message): Observable<Message> {
    if (message.event === 'phx_leave') return EMPTY
    if (message.event !== 'phx_join') return answerOk(message)
    this.#joinRef = message.joinRef ?? ''
    this.#due = 'list'
    return of(okTo(message))
  }

  #lose(how: 'crash' | 'cut'): void {
    const joinRef = this.#joinRef
    this.#joinRef = this.#due = undefined
    if (how === 'cut') this.#frames$.error(new Error('the connection was cut'))
    else if (joinRef !== undefined) this.#frames$.next(crashed(TOPIC, joinRef))
  }

  #change(key: string, joins: string | undefined, leaves?: string): void {
    const refs = (this.#refs.get(key) ?? []).filter((ref) => ref !== leaves)
    const next = joins === undefined ? refs : [...refs, joins]
    if (next.length > 0) this.#refs.set(key, next)
    else this.#refs.delete(key)
    const part = (ref?: string): object =>
      ref === undefined ? {} : Object.fromEntries([[key, withRefs(ref)]])
    // Who is not joined misses it.
    if (this.#joinRef !== undefined)
      this.#frames$.next(broadcast(TOPIC, 'presence_diff', { joins: part(joins), leaves: part(leaves) }))
  }
}
