import {
  EMPTY,
  ignoreElements,
  merge,
  Observable,
  of,
  ReplaySubject,
  share,
  skipWhile,
  Subject,
  switchMap,
  take,
  throwError,
  timeout,
} from 'rxjs'
import { type Channel, channel } from './channel/channel.ts'
import { type ChannelOptions } from './channel/channel-options.ts'
import {
  type AnyContract,
  type AnyTopics,
  type ChannelContract,
  type ContractAt,
  type TopicContracts,
  type TopicOf,
  type UntypedTopic,
} from './channel/contract.ts'
import { HeldTopics } from './channel/held-topics.ts'
import { HEARTBEAT, PHOENIX_TOPIC } from './protocol/event.ts'
import { type Message, refCounter } from './protocol/message.ts'
import { ConnectionLost, PushTimeout } from './protocol/push-error.ts'
import { unlessEmpty } from './connection/operators.ts'
import { type ConnectionState } from './connection/connection-state.ts'
import { type Connections, connections } from './connection/kept-connection.ts'
import { type Dynamic } from './connection/dynamic.ts'
import { beat, probeDeadlineMs } from './connection/heartbeat.ts'
import { inputsOf } from './connection/inputs.ts'
import { wireOf } from './connection/into-wire.ts'
import { departed, type SocketContext } from './connection/socket-context.ts'
import {
  checkAddress,
  type SocketOptions,
  type SocketSettings,
  toSettings,
} from './connection/socket-options.ts'
import { timeLimits } from './connection/within.ts'
import { reported, type Trace } from './connection/trace.ts'

/**
 * A connection to a Phoenix socket, as a cold Observable of its state. Subscribing connects. Later subscribers share
 * the connection and get its current state immediately. After the last unsubscribe it is closed with code 1000, `lingerMs`
 * later. It reconnects by the policy `reconnect` after every close that the client did not ask for. It never completes, and
 * errors with a `ConnectionError` only if that policy stops.
 */
export interface PhoenixSocket<T extends TopicContracts<T> = AnyTopics> extends Observable<ConnectionState> {
  /** The current state, without subscribing; `idle` when nobody is subscribed. */
  readonly state: ConnectionState
  /**
   * A handle on a topic. Does nothing until you subscribe to one of its streams, which also connects. Throws
   * `InvalidArgument`. A socket with contracts by topic has these topics only, and types the channel by the contract of its
   * topic.
   */
  channel<Topic extends TopicOf<T>>(
    topic: Topic,
    options?: ChannelOptions<ContractAt<T, Topic>>,
  ): Channel<ContractAt<T, Topic>>
  /** The same on a socket without contracts by topic: the contract, if any, is given here. */
  channel<C extends ChannelContract = AnyContract>(
    topic: UntypedTopic<T>,
    options?: ChannelOptions<C>,
  ): Channel<C>
  /**
   * Every message that arrives, on any topic and over any of the socket's connections, joined or not, with replies and the
   * events of the protocol: for servers that send on topics that nobody joins, such as Absinthe's subscriptions, and for
   * surveying a socket. Hot: what arrived before the subscription is not repeated. Keeps the socket connected while
   * subscribed; never completes, and errors as the socket does. Frames that cannot be decoded are omitted.
   */
  readonly messages$: Observable<Message>
  /** Round trips of heartbeats, in ms. Keeps the socket connected while subscribed. Ends as the socket does. */
  readonly latency$: Observable<number>
  /**
   * Sends one heartbeat as soon as the socket is open, emits its round trip in ms and completes. Errors with
   * `HeartbeatTimeout` if no reply comes within min(heartbeat interval, 5 s), with `ConnectionLost`, with `PushTimeout` if
   * the socket was not open within `pushTimeoutMs`, or with the error with which the policy stopped.
   */
  ping(): Observable<number>
}

/** The key under which a socket shows its inside. */
export const INSIDE: unique symbol = Symbol.for('rx-phoenix inside')

/** What a socket shows to other parts of the library, and to nobody else. */
export interface Inside {
  readonly context: SocketContext
  readonly connections: Connections
  readonly topics: HeldTopics
}

/** One object for all, so that channels without options are quickly seen to have the same. */
const NO_OPTIONS: ChannelOptions<never> = {}

/**
 * The path from options to channels: options → connections (each is kept, over many wires) → wire (one open connection) →
 * topics (one join each) → channels (handles on topics). Each part is in the file of its name.
 *
 * @typeParam T - contracts by topic, such as `{ 'room:*': Room; 'feed:quakes': Feed }`. Default: any topic.
 * @param url - the mount point, such as `wss://host/socket`; `/websocket`, params and vsn are added.
 * @throws `InvalidArgument` for a URL, an option or a token that cannot work.
 */
export const phoenixSocket = <T extends TopicContracts<T> = AnyTopics>(
  url: Dynamic<string>,
  options: SocketOptions = {},
): PhoenixSocket<T> => {
  checkAddress(url, options)
  const given = toSettings(options)
  const trace: Trace = { emit: undefined }
  given.trace?.attach(trace, given.scheduler)
  const settings: SocketSettings = {
    ...given,
    // Shared, since every waiting join listens: ten thousand must not mean ten thousand listeners on the page.
    wake: unlessEmpty(given.wake, (wake$) => reported('wake', wake$, trace, EMPTY).pipe(share())),
    // A pause that has lost its source would never end. What it emitted last holds for further connections too.
    pause: unlessEmpty(given.pause, (pause$) =>
      reported('pause', pause$, trace, of(false)).pipe(
        share({ connector: () => new ReplaySubject<boolean>(1) }),
      ),
    ),
  }
  const context: SocketContext = {
    settings,
    inputs: inputsOf(url, settings),
    trace,
    limits: timeLimits(settings.scheduler),
    nextRef: refCounter(),
    nextConnectionId: refCounter(),
    arrivals$: new Subject(),
    departures: 0,
    departedAt: 0,
  }
  const kept = connections(context)
  const socket: PhoenixSocket = new Socket({
    context,
    connections: kept,
    topics: new HeldTopics(context, kept),
  })
  return socket as unknown as PhoenixSocket<T> // contracts are types, of which nothing is left at run time
}

class Socket extends Observable<ConnectionState> implements PhoenixSocket {
  /** A function and no field for each thing, since a Proxy around a socket also wraps what is in its fields. */
  private readonly inside: () => Inside

  constructor(inside: Inside) {
    super((subscriber) => {
      // Before the subscription to the connection ends, which asks how long to linger.
      subscriber.add(() => {
        departed(inside.context)
      })
      subscriber.add(inside.connections.first.states$.subscribe(subscriber))
    })
    this.inside = () => inside
  }

  get state(): ConnectionState {
    return this.inside().connections.first.state
  }

  /** For what looks inside and is shipped only with whoever imports it, such as `metrics`. */
  get [INSIDE](): Inside {
    return this.inside()
  }

  get messages$(): Observable<Message> {
    // The messages first, since a server in memory sends while the connection is being subscribed.
    return merge(this.inside().context.arrivals$, this.pipe(ignoreElements()))
  }

  get latency$(): Observable<number> {
    return this.pipe(switchMap((state) => wireOf(state)?.latency$ ?? EMPTY))
  }

  channel<C extends ChannelContract = AnyContract>(
    topic: string,
    options: ChannelOptions<C> = NO_OPTIONS,
  ): Channel<C> {
    return channel<C>(topic, options, this.inside().topics)
  }

  ping(): Observable<number> {
    const { heartbeatIntervalMs, pushTimeoutMs: timeoutMs, scheduler } = this.inside().context.settings
    return this.pipe(
      skipWhile((state) => state.status !== 'open'),
      // For the way to an open socket; the heartbeat has a deadline of its own.
      timeout({
        first: timeoutMs,
        scheduler,
        with: () =>
          throwError(
            () => new PushTimeout({ topic: PHOENIX_TOPIC, event: HEARTBEAT, sent: false, timeoutMs }),
          ),
      }),
      switchMap((state) => {
        const wire = wireOf(state)
        if (wire) return beat(wire, probeDeadlineMs(heartbeatIntervalMs))
        const cause = state.status === 'waiting' ? state.cause : undefined
        return throwError(() => new ConnectionLost({ sent: true, cause }))
      }),
      take(1),
    )
  }
}
