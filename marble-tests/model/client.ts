import {
  BehaviorSubject,
  map,
  Observable,
  retry,
  Subject as RxSubject,
  type Subscriber,
  VirtualTimeScheduler,
} from 'rxjs'
import {
  type Channel,
  ConnectionClosed,
  ConnectionFailed,
  ConnectionRefused,
  type Message,
  type PhoenixSocket,
  phoenixSocket,
  type RetryPolicy,
  type TraceEvent,
  traceTo,
} from '../../lib/index.ts'
import { readClientFrame, writeServerFrame } from '../../lib/testing/server-frames.ts'
import { type LinkEvent, type Transport } from '../../lib/transport/transport.ts'
import { shownChannel, shownConnection, shownError, shownValue } from './shown.ts'
import { GivenInput } from './given-input.ts'
import {
  INPUT_NAMES,
  type InputName,
  type Options,
  reconnectAfter,
  rejoinAfter,
  type Setup,
  TIMES,
  type Topic,
  TOPICS,
} from './setup.ts'
import {
  INPUTS,
  Log,
  type LossCause,
  outgoing,
  seenBy,
  STATES,
  type Stimulus,
  type Subject,
  type Target,
  UNSUBSCRIBED,
  WIRE,
} from './stimulus.ts'

const causes: Readonly<Record<LossCause, () => Error>> = {
  ConnectionRefused: () => new ConnectionRefused({ status: 503 }),
  ConnectionFailed: () => new ConnectionFailed('no route'),
  ConnectionClosed: () => new ConnectionClosed({ code: 1006, reason: '', wasClean: false }),
}

/**
 * Functions of the user that the client calls, besides those that are subscribed: the trace, policies, the inputs, which
 * may be streams, and a transport that dials and closes.
 */
export const PLACES = ['trace', 'policy', 'url', 'params', 'token', 'dial', 'close'] as const
export type Place = (typeof PLACES)[number]
/** Where users may act. */
export type Where = Place | 'subscriber'

const URL = 'ws://localhost/socket'
const urlOf = (n: number): string => `${URL}${n}`

/** The same function or stream, of other values. */
const mapped = <T>(
  dynamic: Observable<number> | (() => Observable<number>),
  project: (n: number) => T,
): Observable<T> | (() => Observable<T>) =>
  typeof dynamic === 'function' ? () => dynamic().pipe(map(project)) : dynamic.pipe(map(project))

/** The client under test, on a transport that is in our hands, in virtual time. */
export class Client implements Subject {
  readonly log: Log
  /** Subscriptions that have not ended. */
  readonly live: Map<number, () => void> = new Map()
  /** What the client sent, on all links. */
  readonly sent: { readonly message: Message; readonly link: number }[] = []
  /** Counts the links that were dialled; the current one is open, or not yet, or there is none. */
  links = 0
  link: 'none' | 'dialled' | 'open' = 'none'
  /** What users do when they are told something or asked for something, while they are. */
  reflex: ((where: Where) => void) | undefined
  /** What a server does when it gets a message, before the client's `send` returns. */
  prompt: ((message: Message) => void) | undefined
  readonly #scheduler = new VirtualTimeScheduler()
  readonly setup: Setup
  readonly #place: Place | undefined
  readonly #socket: PhoenixSocket
  readonly #handles: ReadonlyMap<string, Channel>
  readonly #wake$: RxSubject<void> = new RxSubject()
  readonly #pause$: RxSubject<boolean> = new RxSubject()
  readonly #inputs: Readonly<Record<InputName, GivenInput>>
  readonly #token$ = new BehaviorSubject(0)
  readonly #joinParams: Readonly<Record<Topic, BehaviorSubject<{ stream: number }>>> = {
    'room:a': new BehaviorSubject({ stream: 0 }),
    'room:b': new BehaviorSubject({ stream: 0 }),
  }
  /** Subscriptions to channels. */
  readonly #watchers: Set<number> = new Set()
  #current: Stimulus | undefined
  #link: Subscriber<LinkEvent> | undefined
  #isDialling = false
  /** Also those that were replaced while they were being dialled. */
  #openLinks = 0

  /** @param place - where users act besides in subscribers. */
  constructor(setup: Setup, place?: Place) {
    this.setup = setup
    this.#place = place
    this.log = new Log(() => this.#scheduler.now())
    this.#inputs = { url: this.#given('url'), params: this.#given('params') }
    this.#socket = phoenixSocket(mapped(this.#inputs.url.dynamic, urlOf), {
      vsn: setup.vsn,
      transport: this.#transport,
      scheduler: this.#scheduler,
      connectTimeoutMs: TIMES.connect,
      pushTimeoutMs: TIMES.push,
      heartbeatIntervalMs: setup.beats ? TIMES.heartbeat : 0,
      lingerMs: setup.lingers ? TIMES.linger : 0,
      joinsInFlight: setup.joinsInFlight,
      reconnect: (_cause, attempt) => {
        this.#called('policy')
        return reconnectAfter(setup, attempt)
      },
      ...(place === 'trace' && { trace: traceTo(this.#traced) }),
      wake: this.#wake$,
      pause: this.#pause$,
      params: mapped(this.#inputs.params.dynamic, (v) => ({ v })),
      authToken: this.#token$.pipe(
        map((token) => {
          this.#called('token')
          return String(token)
        }),
      ),
    })
    this.#handles = new Map(
      TOPICS.flatMap((topic) => {
        const params = {
          none: {},
          plain: { params: { plain: true } },
          stream: { params: this.#joinParams[topic] },
        }
        const joinTimeoutMs = TIMES.join[topic]
        const rejoin: RetryPolicy = ({ _tag }, attempt) => {
          this.#called('policy')
          return rejoinAfter(setup, topic, _tag, attempt)
        }
        return (['none', 'plain', 'stream'] as const).map((name) => [
          `${topic} ${name}`,
          this.#socket.channel(topic, { ...params[name], joinTimeoutMs, rejoin }),
        ])
      }),
    )
  }

  /** Timers and subscriptions that it has not given up. */
  get leaks(): readonly string[] {
    const { length } = this.#scheduler.actions
    return [
      ...(length > 0 ? [`${length} timers`] : []),
      ...(this.#openLinks > 0 ? [`${this.#openLinks} links`] : []),
      ...(this.#wake$.observed ? ['wake'] : []),
      ...(this.#pause$.observed ? ['pause'] : []),
      ...(this.#token$.observed ? ['the token'] : []),
      ...INPUT_NAMES.filter((name) => this.#inputs[name].observed),
      ...TOPICS.filter((topic) => this.#joinParams[topic].observed).map((topic) => `join params of ${topic}`),
    ]
  }

  /** What those who watch a channel have heard last. */
  watching(): readonly string[] {
    const views = this.log.views()
    return [...this.live.keys()].flatMap((id) => {
      const last = views.get(seenBy(id))?.at(-1)
      return last === undefined || !this.#watchers.has(id) ? [] : [last]
    })
  }

  apply(stimulus: Stimulus): void {
    // It may happen in the midst of another, which goes on after it.
    const outer = this.#current
    this.#current = stimulus
    this.log.begin(stimulus)
    this.#do(stimulus)
    const states = TOPICS.map((topic) => this.#handle(topic, 'none').state.status)
    this.log.note(STATES, [this.#socket.state.status, ...states].join(' '))
    this.#current = outer
    if (outer) this.log.begin(outer)
  }

  #do(stimulus: Stimulus): void {
    switch (stimulus.type) {
      case 'subscribe':
        this.#subscribe(stimulus.id, stimulus.target)
        return
      case 'unsubscribe':
        this.#cancel(stimulus.id)
        return
      case 'wake':
        this.#wake$.next()
        return
      case 'pause':
        this.#pause$.next(stimulus.on)
        return
      case 'token':
        this.#token$.next(stimulus.value)
        return
      case 'join params':
        this.#joinParams[stimulus.topic].next({ stream: stimulus.value })
        return
      case 'input':
        this.#inputs[stimulus.of].change(stimulus.value)
        return
      case 'input mode':
        this.#inputs[stimulus.of].mode = stimulus.mode
        return
      case 'input breaks':
        this.#inputs[stimulus.of].break()
        return
      case 'opened':
        this.link = 'open'
        this.#link?.next({ type: 'open', link: { bufferedAmount: 0, send: this.#receive } })
        return
      case 'lost':
        this.#link?.error(causes[stimulus.cause]())
        return
      case 'message':
        this.#link?.next({ type: 'frame', frame: writeServerFrame(this.setup.vsn, stimulus.message) })
        return
      case 'garbage':
        this.#link?.next({ type: 'frame', frame: stimulus.frame })
        return
      case 'time':
        this.#scheduler.maxFrames = this.#scheduler.frame + stimulus.ms
        this.#scheduler.flush()
        this.#scheduler.frame = this.#scheduler.maxFrames
    }
  }

  readonly #transport: Transport = ({ url, params, authToken }) =>
    new Observable((subscriber) => {
      // What a user does within the dialling may bring about the next, and this one is closed as soon as it is dialled.
      if (this.#isDialling) this.#linkGone()
      this.log.note(WIRE, `dial ${url.slice(URL.length)} ${JSON.stringify(params['v'])} ${authToken}`)
      this.#link = subscriber
      this.link = 'dialled'
      this.links += 1
      this.#openLinks += 1
      const close = (): void => {
        this.#openLinks -= 1
        if (this.#link === subscriber) this.#linkGone()
      }
      this.#isDialling = true
      try {
        this.#called('dial')
      } catch (error) {
        close()
        throw error
      } finally {
        this.#isDialling = false
      }
      return () => {
        close()
        this.#called('close')
      }
    })

  #linkGone(): void {
    this.log.note(WIRE, 'closed')
    this.#link = undefined
    this.link = 'none'
  }

  readonly #receive = (frame: string | Uint8Array): void => {
    const message = readClientFrame(this.setup.vsn, frame)
    const { joinRef, ref, topic, event, payload } = message
    this.sent.push({ message, link: this.links })
    this.log.note(WIRE, outgoing(joinRef, ref ?? '', topic, event, payload))
    this.prompt?.(message)
  }

  #given(name: InputName): GivenInput {
    return new GivenInput(name, this.setup.inputs[name], this.#scheduler, {
      asked: () => {
        this.#called(name)
      },
      spoke: () => {
        this.log.note(INPUTS, `${name} spoke`)
      },
    })
  }

  #subscribe(id: number, target: Target): void {
    const held: { end?: () => void } = {}
    // While it is being subscribed there is nothing to unsubscribe yet: what comes after that is of no account.
    const counts = (): boolean => held.end !== undefined || this.live.has(id)
    this.live.set(id, () => held.end?.())
    const end = (what: string): void => {
      const heard = counts()
      this.live.delete(id)
      if (heard) this.#see(id, what)
    }
    const subscription = this.#streamOf(id, target).subscribe({
      next: (what) => {
        if (counts()) this.#see(id, what)
      },
      error: (error: Parameters<typeof shownError>[0]) => {
        end(shownError(error))
      },
      complete: () => {
        end('complete')
      },
    })
    held.end = () => {
      subscription.unsubscribe()
    }
    if (!this.live.has(id)) held.end()
  }

  #cancel(id: number): void {
    const unsubscribe = this.live.get(id)
    if (!unsubscribe) return
    this.live.delete(id)
    this.log.note(seenBy(id), UNSUBSCRIBED)
    unsubscribe()
  }

  #see(id: number, what: string): void {
    this.log.note(seenBy(id), what)
    this.reflex?.('subscriber')
  }

  #called(place: Place): void {
    if (place === this.#place) this.reflex?.(place)
  }

  /** Not of frames, and of what is about to be sent: told before the client knows, or before it is true. */
  readonly #traced = (event: TraceEvent): void => {
    if (event.type === 'frame-in' || event.type === 'frame-out') return
    if ('step' in event && event.step === 'sending') return
    this.#called('trace')
  }

  #streamOf(id: number, target: Target): Observable<string> {
    if (target.to === 'socket') return this.#socket.pipe(map(shownConnection))
    const handle = this.#handle(target.topic, target.options)
    switch (target.to) {
      case 'channel':
        this.#watchers.add(id)
        return handle.pipe(map(shownChannel))
      case 'news':
        return handle.on('news').pipe(map(shownValue))
      case 'push':
        return handle.push(`p${id}`).pipe(map(shownValue), retry(target.retries))
      case 'send':
        return handle.send(`p${id}`).pipe(retry(target.retries))
    }
  }

  #handle(topic: Topic, options: Options): Channel {
    const handle = this.#handles.get(`${topic} ${options}`)
    if (!handle) throw new Error(`no handle for ${topic}`)
    return handle
  }
}
