import { type Message } from '../../lib/index.ts'
import { Clock } from './clock.ts'
import { LineModel } from './line-model.ts'
import { type PushModel } from './push-model.ts'
import { type SessionHost, SessionModel } from './session-model.ts'
import { type Options, type Setup, TIMES, type Topic, TOPICS } from './setup.ts'
import { Log, seenBy, STATES, type Stimulus, type Subject, type Target, UNSUBSCRIBED } from './stimulus.ts'

type PushTarget = Extract<Target, { readonly retries: number }>

/** What a socket should do, by the rules S1 to S18, as plainly as it can be said. */
export class SocketModel implements Subject, SessionHost {
  readonly clock: Clock = new Clock()
  readonly log: Log = new Log(() => this.clock.now)
  readonly setup: Setup
  readonly line: LineModel
  readonly #sessions: Map<Topic, SessionModel> = new Map()
  /** The last session of each topic that has ended: its state shows until somebody subscribes again. */
  readonly #ended: Map<Topic, SessionModel> = new Map()
  /** How each subscription ends when it is unsubscribed. */
  readonly #cancels: Map<number, () => void> = new Map()
  readonly #joinParams: Record<Topic, number> = { 'room:a': 0, 'room:b': 0 }

  constructor(setup: Setup) {
    this.setup = setup
    this.line = new LineModel(setup, this.clock, this.log)
  }

  apply(stimulus: Stimulus): void {
    this.log.begin(stimulus)
    this.#do(stimulus)
    const states = TOPICS.map(
      (topic) =>
        this.#sessions.get(topic)?.status ??
        (this.#ended.get(topic)?.status === 'closed' ? 'closed' : 'idle'),
    )
    this.log.note(STATES, [this.line.status, ...states].join(' '))
  }

  joinParams(topic: Topic, options: Options): unknown {
    return { none: {}, plain: { plain: true }, stream: { stream: this.#joinParams[topic] } }[options]
  }

  ended(session: SessionModel): void {
    if (this.#sessions.get(session.topic) !== session) return
    this.#sessions.delete(session.topic)
    this.#ended.set(session.topic, session)
  }

  #do(stimulus: Stimulus): void {
    switch (stimulus.type) {
      case 'subscribe':
        this.#subscribe(stimulus.id, stimulus.target)
        return
      case 'unsubscribe':
        this.log.note(seenBy(stimulus.id), UNSUBSCRIBED)
        this.#cancels.get(stimulus.id)?.()
        return
      case 'wake':
        this.#wake()
        return
      case 'pause':
        this.line.pause(stimulus.on)
        return
      case 'token':
        this.line.newToken(stimulus.value)
        return
      case 'join params':
        this.#joinParams[stimulus.topic] = stimulus.value
        this.#sessions.get(stimulus.topic)?.newParams()
        return
      case 'input':
        this.line.inputs[stimulus.of].change(stimulus.value)
        return
      case 'input mode':
        this.line.inputs[stimulus.of].mode = stimulus.mode
        return
      case 'input breaks':
        this.line.inputBreaks(stimulus.of)
        return
      case 'opened':
        this.line.opened()
        return
      case 'lost':
        this.line.lost(stimulus.cause)
        return
      case 'message':
        this.line.heard()
        this.#receive(stimulus.message)
        return
      case 'garbage':
        this.line.heard() // and S12: the connection lives on
        return
      case 'time':
        this.clock.advance(stimulus.ms)
    }
  }

  #subscribe(id: number, target: Target): void {
    if (target.to === 'socket') {
      this.#cancels.set(id, () => {
        this.line.unwatch(id)
      })
      this.line.watch(id)
    } else if ('retries' in target) this.#push(id, target, target.retries)
    else {
      const session = this.#acquire(target)
      if (!session) {
        this.log.note(seenBy(id), 'error AlreadyJoined')
        return
      }
      const ids = target.to === 'channel' ? session.watchers : session.listeners
      this.#cancels.set(id, () => {
        if (ids.delete(id)) session.release()
      })
      if (target.to === 'channel') session.watch(id)
      else session.listeners.add(id)
      session.start()
    }
  }

  /** S3: the join of the topic, unless it is held with other options. */
  #acquire({ topic, options }: Exclude<Target, { to: 'socket' }>): SessionModel | undefined {
    let session = this.#sessions.get(topic)
    if (session && options !== 'none' && options !== session.options) {
      if (session.users > 0) return undefined
      session.stop()
      session = undefined
    }
    if (!session) {
      this.#sessions.set(topic, (session = new SessionModel(topic, options, this)))
      this.#ended.delete(topic)
    }
    session.use()
    return session
  }

  #push(id: number, target: PushTarget, retries: number): void {
    const end = (what: string): void => {
      if (what.startsWith('error') && retries > 0) this.#push(id, target, retries - 1)
      else for (const line of what.split('\n')) this.log.note(seenBy(id), line)
    }
    const session = this.#acquire(target)
    if (!session) {
      end('error AlreadyJoined')
      return
    }
    const forget = (): void => {
      push.over = true
      push.cancelTimer()
      session.pushes.delete(push)
    }
    const push: PushModel = {
      event: `p${id}`,
      wantsReply: target.to === 'push',
      over: false,
      cancelTimer: this.clock.after(TIMES.push, () => {
        push.end(`error PushTimeout ${push.ref === undefined ? 'not sent' : 'sent'}`)
      }),
      end: (what) => {
        if (push.over) return // S6: exactly once
        forget()
        // S3: who subscribes again at that finds the session still there.
        end(what)
        session.release()
      },
    }
    session.pushes.add(push)
    this.#cancels.set(id, () => {
      if (push.over) return
      forget()
      session.release()
    })
    if (session.status === 'joined') session.send(push)
    session.start()
  }

  #wake(): void {
    const errored = [...this.#sessions.values()].filter(({ status }) => status === 'errored')
    errored.sort((a, b) => a.erroredSince - b.erroredSince)
    this.line.wake()
    for (const session of errored) session.retryNow()
  }

  /** One look-up by ref, or by topic. */
  #receive(message: Message): void {
    const session = this.#sessions.get(message.topic as Topic)
    if (message.event !== 'phx_reply') {
      session?.receive(message)
      return
    }
    const { ref, payload } = message
    const { status, response } = payload as { readonly status: string; readonly response: unknown }
    if (message.topic === 'phoenix') {
      this.line.heartbeatAnswered(ref)
      return
    }
    if (!session || ref === null) return
    // "unmatched topic": S6, S8
    const unmatched =
      status === 'error' &&
      message.joinRef === null &&
      (response as { readonly reason?: unknown }).reason === 'unmatched topic'
    if (ref === session.awaitedRef) {
      session.joinAnswered(status, response)
      return
    }
    const push = [...session.pushes].find((each) => each.wantsReply && each.ref === ref)
    if (push) {
      if (status === 'ok') push.end(`next ${JSON.stringify(response)}\ncomplete`)
      else {
        // It has its answer, so it does not hear of the loss.
        session.pushes.delete(push)
        if (unmatched && push.joinRef === session.joinRef) session.lose()
        push.end(`error PushRefused ${status}`)
      }
    } else if (unmatched && session.status === 'joined' && Number(ref) > Number(session.joinRef))
      session.lose()
  }
}
