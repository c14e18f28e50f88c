import { type Message } from '../../lib/index.ts'
import { broadcast, closed, crashed, okTo, pushed, replyTo, unmatchedTo } from '../../lib/testing/index.ts'
import { type Action, type AnswerStatus, type Reflex, type ServerAction } from './action.ts'
import { type Client, type Where } from './client.ts'
import { type Stimulus } from './stimulus.ts'

const GARBAGE: readonly (string | Uint8Array)[] = [
  '',
  'null',
  '["1"]',
  '{',
  '[1,2,3,4,5]',
  new Uint8Array([9, 1]),
]

/** The hands of the user and of the server: make stimuli of actions, by what has been seen of the client. */
export class Hands {
  readonly #client: Client
  readonly #apply: (stimulus: Stimulus) => void
  /** Refs of messages of the current link that have had an answer. */
  readonly #answered: Set<string> = new Set()
  readonly #reflexes: { after: number; readonly then: Reflex['then'] }[] = []
  #subscriptions = 0
  #values = 0

  /** @param apply - does it to the client and to the model. */
  constructor(client: Client, apply: (stimulus: Stimulus) => void) {
    this.#client = client
    this.#apply = apply
    client.reflex = (where) => {
      this.#react(where)
    }
  }

  /** From now on the server answers before the client's `send` returns. */
  answerPromptly(): void {
    this.#client.prompt = (message) => {
      this.#answer(message, 'ok')
    }
  }

  /** From now on users do nothing while they are told something. */
  forgetReflexes(): void {
    this.#reflexes.length = 0
  }

  do(action: Action): void {
    switch (action.type) {
      case 'watch socket':
        this.#apply({ type: 'subscribe', id: ++this.#subscriptions, target: { to: 'socket' } })
        return
      case 'watch':
      case 'listen':
      case 'send':
      case 'push': {
        const to = ({ watch: 'channel', listen: 'news', send: 'send', push: 'push' } as const)[action.type]
        const { topic, options } = action
        const retries = action.type === 'push' ? action.retries : 0
        this.#apply({
          type: 'subscribe',
          id: ++this.#subscriptions,
          target:
            to === 'channel' || to === 'news' ? { to, topic, options } : { to, topic, options, retries },
        })
        return
      }
      case 'unsubscribe': {
        const id = chosen([...this.#client.live.keys()], action.pick)
        if (id !== undefined) this.#apply({ type: 'unsubscribe', id })
        return
      }
      case 'unsubscribe all':
        for (const id of [...this.#client.live.keys()]) this.#apply({ type: 'unsubscribe', id })
        return
      case 'wake':
      case 'pause':
      case 'input mode':
      case 'input breaks':
      case 'time':
        this.#apply(action)
        return
      case 'token':
      case 'input':
      case 'join params':
        this.#apply({ ...action, value: ++this.#values })
        return
      case 'accept':
        if (this.#client.link === 'dialled') this.#apply({ type: 'opened' })
        return
      case 'cut':
        if (this.#client.link !== 'none') this.#apply({ type: 'lost', cause: action.cause })
        return
      case 'reflex':
        this.#reflexes.push({ ...action })
        return
      case 'settle':
        this.#settle()
        return
      default:
        if (this.#client.link === 'open') this.#serve(action)
    }
  }

  #react(where: Where): void {
    const next = this.#reflexes.find((reflex) => reflex.after-- <= 0)
    if (!next) return
    // New params replace a join that is about to be sent: from a trace they come too early.
    if (where === 'trace' && next.then !== 'throw' && next.then.type === 'join params') return
    this.#reflexes.splice(this.#reflexes.indexOf(next), 1)
    if (next.then === 'throw') throw new Error('a bug of a user')
    this.do(next.then)
  }

  #settle(): void {
    if (this.#client.link === 'dialled') this.#apply({ type: 'opened' })
    for (let i = 0; i < 100; i++) {
      const [next] = this.#unanswered()
      if (!next || this.#client.link !== 'open') return
      this.#answer(next, 'ok')
    }
    throw new Error('the client asks without end')
  }

  #serve(action: ServerAction): void {
    switch (action.type) {
      case 'answer': {
        const among = action.late ? this.#client.sent.map(({ message }) => message) : this.#unanswered()
        const message = chosen(among, action.pick)
        if (message) this.#answer(message, action.status)
        return
      }
      case 'broadcast':
        this.#say(broadcast(action.topic, 'news', { n: ++this.#values }))
        return
      case 'garbage':
        this.#apply({ type: 'garbage', frame: GARBAGE[++this.#values % GARBAGE.length] ?? '' })
        return
      default: {
        const join = chosen(this.#joins(action.late), action.pick)
        if (!join) return
        const { topic } = join
        const joinRef = join.ref ?? ''
        if (action.type === 'crash') this.#say(crashed(topic, joinRef))
        else if (action.type === 'close') this.#say(closed(topic, joinRef))
        else this.#say(pushed(topic, joinRef, 'news', { n: ++this.#values, joinRef }))
      }
    }
  }

  #answer(message: Message, status: AnswerStatus): void {
    this.#answered.add(message.ref ?? '')
    const n = ++this.#values
    if (status === 'unmatched') this.#say(unmatchedTo(message))
    else this.#say(status === 'ok' ? okTo(message, { n }) : replyTo(message, status, { n }))
    if (message.event === 'phx_leave' && status === 'ok' && this.#client.link === 'open')
      this.#say(closed(message.topic, message.joinRef ?? ''))
  }

  #say(message: Message): void {
    // A server of version 1.0.0 sends no join_ref.
    const { vsn } = this.#client.setup
    this.#apply({ type: 'message', message: vsn === '1.0.0' ? { ...message, joinRef: null } : message })
  }

  #unanswered(): readonly Message[] {
    return this.#client.sent
      .filter(({ link, message }) => link === this.#client.links && !this.#answered.has(message.ref ?? ''))
      .map(({ message }) => message)
  }

  /** The joins of the link, newest first; or all that there ever were. */
  #joins(late: boolean): readonly Message[] {
    return this.#client.sent
      .filter(({ link, message }) => message.event === 'phx_join' && (late || link === this.#client.links))
      .map(({ message }) => message)
      .reverse()
  }
}

const chosen = <A>(among: readonly A[], pick: number): A | undefined => among[pick % among.length]
