import { type Message } from '../../lib/index.ts'
import { type Joiner } from './joins-model.ts'
import { type Follower, type LineModel, type LineStatus } from './line-model.ts'
import { type PushModel } from './push-model.ts'
import { type Options, rejoinAfter, type Setup, TIMES, type Topic } from './setup.ts'
import { type Log, seenBy } from './stimulus.ts'

/** What a session needs of its socket. */
export interface SessionHost {
  readonly setup: Setup
  readonly line: LineModel
  readonly log: Log
  /** The join params, for a session with these options. */
  joinParams(topic: Topic, options: Options): unknown
  /** The session has ended: the topic is free. */
  ended(session: SessionModel): void
}

/** The one join of a topic, over any number of connections: S3 to S8. */
export class SessionModel implements Follower, Joiner {
  readonly topic: Topic
  readonly options: Options
  status: 'idle' | 'waiting' | 'joining' | 'joined' | 'errored' | 'closed' = 'idle'
  users = 0
  readonly watchers: Set<number> = new Set()
  readonly listeners: Set<number> = new Set()
  /** In order of subscription. */
  readonly pushes: Set<PushModel> = new Set()
  /** Of the join that was sent last and that the server may hold for us. */
  joinRef: string | undefined
  /** Of the join whose reply is waited for. */
  awaitedRef: string | undefined
  /** When it entered `errored`, so that a wake-up finds the sessions in their order. */
  erroredSince = 0
  readonly #host: SessionHost
  #shown = ''
  #failures = 0
  #wasJoined = false
  #inLine = false
  #alive = true
  #started = false
  #cancelTimer: () => void = () => undefined
  #cancelLinger: () => void = () => undefined

  constructor(topic: Topic, options: Options, host: SessionHost) {
    this.topic = topic
    this.options = options
    this.#host = host
  }

  // S1 and S3: it lives while somebody is subscribed, and lingers.

  use(): void {
    this.users += 1
    this.#cancelLinger()
  }

  start(): void {
    if (this.#started || !this.#alive) return
    this.#started = true
    this.#host.line.attach(this)
  }

  watch(id: number): void {
    this.watchers.add(id)
    if (this.status !== 'idle') this.#host.log.note(seenBy(id), this.#shown)
  }

  /** One of whatever was subscribed has gone. */
  release(): void {
    this.users -= 1
    this.#host.line.releasedAt = this.#host.line.clock.now
    this.checkUse()
  }

  checkUse(): void {
    if (this.users > 0 || !this.#alive) return
    this.#cancelLinger()
    if (!this.#host.setup.lingers) this.stop()
    else
      this.#cancelLinger = this.#host.line.clock.after(TIMES.linger, () => {
        this.stop()
      })
  }

  stop(): void {
    this.#end('leave')
    this.#host.line.detach(this)
  }

  // S7: the channel follows its connection.

  follow(status: LineStatus): void {
    if (!this.#alive) return
    if (status === 'open') {
      this.#begin()
      return
    }
    if (this.status === 'waiting') return
    this.#forget('gone')
    this.#become('waiting', 'waiting', 'ConnectionLost')
  }

  ended(cause: string): void {
    this.#fail(cause, 'gone', 'ConnectionLost')
  }

  // S8: joins.

  #begin(): void {
    this.#failures = 0
    this.#attempt()
  }

  #attempt(): void {
    this.#become('joining', `joining ${this.#failures}`, 'ChannelClosed')
    if (this.status !== 'joining' || !this.#alive) return
    this.#inLine = true
    this.#host.line.joins.ask(this)
  }

  sendJoin(): void {
    const { line } = this.#host
    const ref = line.nextRef()
    this.joinRef = this.awaitedRef = ref
    this.#cancelTimer = line.clock.after(TIMES.join[this.topic], () => {
      // S8: a join that was not answered may be one on the server, so it is left.
      line.joins.suspect(true)
      this.#forget('leave')
      this.#failed('JoinTimeout')
    })
    line.send(ref, ref, this.topic, 'phx_join', this.#host.joinParams(this.topic, this.options))
  }

  joinAnswered(status: string, response: unknown): void {
    this.#cancelTimer()
    this.awaitedRef = undefined
    this.#host.line.proved()
    if (status !== 'ok') {
      this.#forget('gone')
      this.#failed('JoinRefused')
      return
    }
    this.#failures = 0
    const rejoined = this.#wasJoined ? 'again' : 'first'
    this.#wasJoined = true
    this.#inLine = false
    const { joins } = this.#host.line
    this.#become('joined', `joined ${this.joinRef} ${rejoined} ${JSON.stringify(response)}`, 'none')
    joins.done(this)
  }

  #failed(cause: string): void {
    this.#failures += 1
    const delayMs = rejoinAfter(this.#host.setup, this.topic, cause, this.#failures)
    const loss = cause === 'ChannelCrashed' ? cause : 'ChannelClosed'
    if (delayMs === 'stop') {
      this.#fail(cause, 'leave', loss)
      this.#host.line.detach(this)
      return
    }
    this.#cancelTimer = this.#host.line.clock.after(delayMs, () => {
      this.#attempt()
    })
    this.erroredSince = ++this.#host.line.failedJoins
    this.#become('errored', `errored ${this.#failures} ${delayMs} ${cause}`, loss)
  }

  /** S18 and S11: tries again now. */
  retryNow(): void {
    if (this.status !== 'errored') return
    this.#cancelTimer()
    this.#attempt()
  }

  /** S11: a new value of a stream of join params rejoins; the server replaces the join that it has. */
  newParams(): void {
    if (this.options !== 'stream') return
    if (this.status === 'errored') this.retryNow()
    else if (this.status === 'joining' || this.status === 'joined') {
      this.#endJoining()
      this.#attempt()
    }
  }

  /** The join ends, on our side (`leave`) or on that of the server. */
  #forget(how: 'leave' | 'gone'): void {
    const { joinRef } = this
    const { line } = this.#host
    this.joinRef = undefined
    if (joinRef !== undefined && how === 'leave' && line.status === 'open')
      line.send(joinRef, line.nextRef(), this.topic, 'phx_leave', {})
    this.#endJoining()
  }

  #endJoining(): void {
    this.#cancelTimer()
    this.awaitedRef = undefined
    const { joins } = this.#host.line
    if (this.#inLine) joins.done(this)
    this.#inLine = false
  }

  // S4: messages.

  isStale({ event, ref, joinRef }: Message): boolean {
    // In version 1.0.0 only the two ends of a join tell which one they mean, in their ref.
    const of = joinRef ?? (event === 'phx_close' || event === 'phx_error' ? ref : null)
    return of !== null && of !== this.joinRef
  }

  receive(message: Message): void {
    if (this.joinRef === undefined || this.isStale(message)) return
    if (message.event === 'phx_error') this.lose()
    else if (message.event === 'phx_close') this.#close()
    else if (message.event === 'news')
      for (const id of this.listeners)
        this.#host.log.note(seenBy(id), `next ${JSON.stringify(message.payload)}`)
  }

  /** S8: the channel crashed, or the server does not know the join any more. */
  lose(): void {
    // In place of an answer it is one more failure; after one, the first.
    if (this.awaitedRef === undefined) this.#failures = 0
    this.#forget('gone')
    this.#failed('ChannelCrashed')
  }

  #close(): void {
    this.#end('gone')
    this.#become('closed', 'closed', 'ChannelClosed')
    this.#tellEnd('complete')
    this.#host.line.detach(this)
  }

  #fail(cause: string, how: 'leave' | 'gone', loss: string): void {
    this.#end(how)
    this.#tellEnd(`error ${cause}`)
    // S6: what was sent has an unknown outcome; what was not gets the error with which the policy stopped.
    for (const push of this.pushes) push.end(push.ref === undefined ? `error ${cause}` : `error ${loss} sent`)
  }

  #end(how: 'leave' | 'gone'): void {
    this.#alive = false
    this.#cancelLinger()
    this.#host.ended(this)
    this.#forget(how)
  }

  #tellEnd(end: string): void {
    for (const id of [...this.watchers, ...this.listeners]) {
      this.#host.line.releasedAt = this.#host.line.clock.now
      this.#host.log.note(seenBy(id), end)
    }
  }

  // S6: the state changes first, then the pushes hear of it.

  #become(status: SessionModel['status'], shown: string, loss: string): void {
    this.status = status
    this.#shown = shown
    for (const id of this.watchers) this.#host.log.note(seenBy(id), shown)
    for (const push of this.pushes) {
      const sent = push.ref !== undefined
      if (status === 'joined') {
        if (!sent) this.send(push)
      } else if (status === 'closed') push.end(`error ChannelClosed ${sent ? 'sent' : 'not sent'}`)
      else if (sent) push.end(`error ${loss} sent`)
      if (this.status !== status) return
    }
  }

  // S5.

  send(push: PushModel): void {
    const { line } = this.#host
    push.ref = line.nextRef()
    push.joinRef = this.joinRef ?? ''
    line.send(push.joinRef, push.ref, this.topic, push.event, {})
    if (!push.wantsReply) push.end('complete')
  }
}
