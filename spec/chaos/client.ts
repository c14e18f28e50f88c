import { setTimeout as sleep } from 'node:timers/promises'
import { BehaviorSubject, Subject, type Subscription } from 'rxjs'
import {
  fullJitter,
  longPollTransport,
  phoenixSocket,
  type PhoenixSocket,
  presence,
  type PresenceState,
  type SocketOptions,
  steppedBackoff,
  inspect,
} from '../../lib/index.ts'
import { type LiveState, liveState } from '../../lib/live-state/index.ts'
import { countingScheduler } from '../../marble-tests/support/counting-scheduler.ts'
import { type Random } from '../support/random.ts'
import { type Chronicle } from './chronicle.ts'
import { fairScheduler } from './fair-scheduler.ts'
import { HeldRoom } from './held-room.ts'
import { type World } from './world.ts'

/** Short, so that much happens in a minute. */
export const TIMES = {
  heartbeatIntervalMs: 300,
  connectTimeoutMs: 500,
  joinTimeoutMs: 500,
  pushTimeoutMs: 600,
} as const
export const RETRY_MS = 60
/** Of long polling; the window of the socket is a second. */
export const REQUEST_TIMEOUT_MS = 1_600

/** What a client of each kind does another way, and the socket that it uses. */
const kinds: readonly (readonly [string, SocketOptions, path?: string])[] = [
  ['v2', {}],
  ['v1', { vsn: '1.0.0' }],
  ['spread', { channelsPerConnection: 2 }],
  ['lingering', { lingerMs: 25 }],
  ['dynamic', {}],
  // The socket with the short window, after which a poll that nothing answers is known to be lost.
  ['long-poll', { transport: longPollTransport({ requestTimeoutMs: REQUEST_TIMEOUT_MS }) }, 'socket_short'],
]

export type State = Readonly<Record<string, unknown>>

/** One client under attack: three rooms, a presence and a live state, all by way of its proxy. */
export class ChaosClient {
  readonly name: string
  readonly socket: PhoenixSocket
  readonly rooms: readonly [HeldRoom, ...HeldRoom[]]
  readonly live: LiveState<State>
  readonly liveChannel: ReturnType<PhoenixSocket['channel']>
  readonly timers: ReturnType<typeof countingScheduler> = countingScheduler(fairScheduler)
  presences: PresenceState | undefined
  state: State | undefined
  readonly #wake$ = new Subject<void>()
  readonly #pause$ = new BehaviorSubject(false)
  /** Of a client with dynamic inputs: a new value reconnects. */
  readonly #token$ = new BehaviorSubject('token-0')
  /** Whether the inputs may fail. */
  #stormy = false
  readonly #liveSocket: PhoenixSocket
  readonly #presence: ReturnType<typeof presence>
  readonly #presenceChannel: ReturnType<PhoenixSocket['channel']>
  readonly #chronicle: Chronicle
  #held: Subscription[] = []

  constructor(index: number, url: string, world: World, random: Random, chronicle: Chronicle) {
    const [kind, further, path = 'socket'] = kinds[index % kinds.length] ?? ['v2', {}]
    this.name = `${kind}-${index}`
    this.#chronicle = chronicle
    const backoff = steppedBackoff([5, 10, 20], RETRY_MS)
    const options: SocketOptions = {
      ...TIMES,
      params: kind === 'dynamic' ? () => this.#evaluate(random) : { user_id: this.user },
      ...(kind === 'dynamic' ? { authToken: this.#token$ } : {}),
      reconnect: fullJitter(backoff, () => random.next()),
      rejoin: backoff,
      scheduler: this.timers,
      wake: this.#wake$,
      pause: this.#pause$,
      ...further,
    }
    this.socket = phoenixSocket(`${url}/${path}`, options)
    const [first, ...others] = world.rooms.map(
      (topic) => new HeldRoom(this.socket, topic, new BehaviorSubject<object>({}), this.name, chronicle),
    )
    if (!first) throw new Error('there is no room')
    this.rooms = [first, ...others]
    this.#presenceChannel = this.socket.channel(world.presence, {
      params: { key: this.name, meta: { index } },
    })
    this.#presence = presence(this.#presenceChannel)
    // The socket of live states takes no auth token; a handshake that offers one fails there.
    const { transport: _transport, authToken: _authToken, ...overWebSocket } = options
    this.#liveSocket = phoenixSocket(`${url}/live_state`, overWebSocket)
    this.liveChannel = this.#liveSocket.channel(`${world.live}-${index}`)
    this.live = liveState<State>(this.liveChannel, { dialect: 'live-state' })
  }

  get user(): string {
    return `chaos-${process.pid}-${this.name}`
  }

  /** Something has happened that makes it worth while to try again now. */
  wake(): void {
    this.#wake$.next()
  }

  renewToken(n: number): void {
    this.#token$.next(`token-${n}`)
  }

  /** While it storms, the inputs of a client that evaluates them may fail. */
  set stormy(stormy: boolean) {
    this.#stormy = stormy
  }

  async #evaluate(random: Random): Promise<{ user_id: string }> {
    await sleep(random.between(0, 10))
    if (this.#stormy && random.chance(0.2)) throw new Error('the params cannot be had now')
    return { user_id: this.user }
  }

  pause(on: boolean): void {
    this.#pause$.next(on)
  }

  hold(): void {
    for (const room of this.rooms) room.hold()
    const error = (cause: Error): void => {
      this.#chronicle.violated('a channel survives what is no refusal', `${this.name}: ${String(cause)}`)
    }
    this.#held = [
      this.#presence.subscribe({ next: (presences) => (this.presences = presences), error }),
      this.live.subscribe({ next: (state) => (this.state = state), error }),
      this.socket.subscribe({
        next: ({ status }) => {
          this.#chronicle.note(this.name, `socket ${status}`)
        },
        error,
      }),
    ]
  }

  /** Everything that is held has been joined. */
  get isWell(): boolean {
    return (
      this.rooms.every(({ isJoined }) => isJoined) &&
      this.#presenceChannel.state.status === 'joined' &&
      this.liveChannel.state.status === 'joined'
    )
  }

  /** Pushes that were sent on a join that is gone, in words: none may be left to wait for its timeout. */
  stranded(): string[] {
    return [this.socket, this.#liveSocket]
      .flatMap((socket) => inspect(socket).channels)
      .filter(({ state }) => state.status !== 'joined')
      .flatMap(({ topic, state, pushes }) =>
        pushes
          .filter(({ status }) => status === 'sent')
          .map(({ event }) => `${event} on ${topic}, which is ${state.status}`),
      )
  }

  /** What its sockets hold beside the joins that are wanted, in words; empty if nothing. */
  surplus(): string[] {
    const wanted = new Set(
      [...this.rooms.map(({ channel }) => channel), this.#presenceChannel, this.liveChannel].map(
        ({ topic }) => topic,
      ),
    )
    return [this.socket, this.#liveSocket].flatMap((socket) => {
      const { channels, connections } = inspect(socket)
      return [
        ...channels.flatMap(({ topic, pushes }) => [
          ...(wanted.has(topic) ? [] : [`a join of ${topic}`]),
          ...pushes.map(({ event }) => `the push ${event} on ${topic}`),
        ]),
        // One may be that to a heartbeat.
        ...connections.flatMap(({ number, awaitedReplies = 0 }) =>
          awaitedReplies > 1 ? [`${awaitedReplies} awaited replies of connection ${number}`] : [],
        ),
      ]
    })
  }

  release(): void {
    for (const room of this.rooms) room.release()
    for (const held of this.#held) held.unsubscribe()
    this.#held = []
  }

  /** What is left of it although nobody is subscribed, in words; empty if nothing is. */
  remains(): string[] {
    return [
      ...(this.timers.pending() > 0 ? [`${this.timers.pending()} timers`] : []),
      ...(this.#wake$.observed ? ['a subscription of wake'] : []),
      ...(this.#pause$.observed ? ['a subscription of pause'] : []),
      ...(this.#token$.observed ? ['a subscription of the token'] : []),
      ...[this.socket, this.#liveSocket]
        .flatMap((socket) => inspect(socket).connections)
        .flatMap(({ number, state, channels }) =>
          state.status === 'idle' && channels === 0
            ? []
            : [`connection ${number} ${state.status}, ${channels} channels`],
        ),
      ...[...this.rooms.map(({ channel }) => channel), this.#presenceChannel, this.liveChannel].flatMap(
        ({ topic, state }) => (state.status === 'idle' ? [] : [`${topic} ${state.status}`]),
      ),
    ]
  }
}
