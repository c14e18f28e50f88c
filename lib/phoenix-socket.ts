import {
  EMPTY,
  ignoreElements,
  map,
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
import { type Channel, channel, type ChannelContext } from './channel/channel.ts'
import { type ChannelOptions } from './channel/channel-options.ts'
import { type AnyContract, type ChannelContract } from './channel/contract.ts'
import { sessions } from './channel/sessions.ts'
import {
  type AnyTopics,
  type ContractAt,
  type TopicContracts,
  type TopicOf,
  type UntypedTopic,
} from './channel/topics.ts'
import { HEARTBEAT, PHOENIX_TOPIC } from './protocol/event.ts'
import { type Message } from './protocol/message.ts'
import { ConnectionLost, PushTimeout } from './protocol/push-error.ts'
import { refCounter } from './protocol/ref.ts'
import { wireOf } from './connection/connection.ts'
import { type ConnectionState } from './connection/connection-state.ts'
import { type Deadlines, deadlines } from './connection/deadlines.ts'
import { type Dynamic, toInput } from './connection/dynamic.ts'
import { beat, probeDeadlineMs } from './connection/heartbeat.ts'
import { INSIDE, type Inside } from './connection/inside.ts'
import { type Lines, lines } from './connection/lines.ts'
import {
  checkAddress,
  type SocketOptions,
  type SocketSettings,
  toSettings,
} from './connection/socket-options.ts'
import { reported, tracer } from './connection/trace.ts'

/**
 * A connection to a Phoenix socket, as a cold Observable of its state. Subscribing connects; later subscribers share
 * the connection and get its current state at once; after the last has gone it is closed with code 1000, `lingerMs`
 * later. It reconnects by the policy `reconnect` whenever it was not we who closed, never completes, and errors with a
 * `ConnectionError` only if that policy stops.
 */
export interface PhoenixSocket<T extends TopicContracts<T> = AnyTopics> extends Observable<ConnectionState> {
  /** The current state, without subscribing; `idle` when nobody is subscribed. */
  readonly state: ConnectionState
  /**
   * A handle on a topic. Does nothing until something of it is subscribed, which connects too. Throws `InvalidArgument`.
   * A socket with contracts by topic has these topics only, and types the channel by the contract of its topic.
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
   * subscribed; never completes, and errors as the socket does. A frame that cannot be decoded is left out.
   */
  readonly messages$: Observable<Message>
  /** Round trips of heartbeats, in ms. Keeps the socket connected while subscribed. Ends as the socket does. */
  readonly latency$: Observable<number>
  /**
   * Sends one heartbeat as soon as the socket is open and gives its round trip in ms: one value, then complete. Errors
   * with `HeartbeatTimeout` after min(heartbeat interval, 5 s), `ConnectionLost`, or `PushTimeout` if it was not open
   * within `pushTimeoutMs`, or the error with which the policy stopped.
   */
  ping(): Observable<number>
}

/** One object for all, so that channels without options are seen at a glance to have the same. */
const NO_OPTIONS: ChannelOptions<never> = {}

/**
 * The way of everything: options → lines (a connection that is kept) → wire (one open connection) → sessions (one join
 * a topic) → channels (handles on them). Each part is in the file of its name.
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
  const { scheduler } = given
  const trace = tracer(() => scheduler.now())
  if (given.trace) trace.events$.pipe(map(given.trace.show)).subscribe(given.trace)
  const settings: SocketSettings = {
    ...given,
    // Shared, since every waiting join listens: ten thousand must not mean ten thousand listeners on the page.
    wake: reported('wake', given.wake, trace, EMPTY).pipe(share()),
    // A pause that has lost its source would never end. What it said last holds for further connections too.
    pause: reported('pause', given.pause, trace, of(false)).pipe(
      share({ connector: () => new ReplaySubject<boolean>(1) }),
    ),
  }

  // Linger counts from the moment when the last subscriber has gone, be it of the socket or of a channel that lingered.
  let releasedAt = 0
  const departures = { count: 0 }
  const released = (): void => {
    departures.count += 1
    if (settings.lingerMs > 0) releasedAt = scheduler.now()
  }

  const nextRef = refCounter()
  const arrivals$ = new Subject<Message>()
  const connections = refCounter()
  const connected = lines(
    {
      settings,
      nextRef,
      arrivals$,
      trace,
      nextConnectionId: () => Number(connections()),
      departures,
      // No longer than the whole time, since the clock may have been set back.
      lingerLeftMs: () => settings.lingerMs - Math.max(0, scheduler.now() - releasedAt),
      inputs: {
        url: toInput('url', url),
        params: toInput('params', settings.params),
        authToken: toInput('authToken', settings.authToken),
      },
    },
    settings.channelsPerConnection,
  )
  const context = { deadlines: deadlines(scheduler), trace }
  const joined = sessions({ ...context, socket: settings }, connected, released)
  const socket: PhoenixSocket = new Socket({
    settings,
    lines: connected,
    released,
    channels: { ...context, sessions: joined },
    arrivals$,
  })
  return socket as unknown as PhoenixSocket<T> // contracts are types, of which nothing is left at run time
}

interface Parts {
  readonly settings: SocketSettings
  readonly lines: Lines
  readonly released: () => void
  readonly channels: ChannelContext & { readonly deadlines: Deadlines }
  readonly arrivals$: Observable<Message>
}

class Socket extends Observable<ConnectionState> implements PhoenixSocket {
  /** A function and no field for each thing, since a Proxy around a socket also wraps what is in its fields. */
  private readonly parts: () => Parts

  constructor(parts: Parts) {
    const { lines, released } = parts
    super((subscriber) => {
      // Before the subscription to the line ends, which asks how long to linger.
      subscriber.add(released)
      subscriber.add(lines.first.states$.subscribe(subscriber))
    })
    this.parts = () => parts
  }

  get state(): ConnectionState {
    return this.parts().lines.first.state
  }

  /** For what looks inside and is shipped only with whoever imports it, such as `metrics`. */
  get [INSIDE](): Inside {
    const { channels, lines, settings } = this.parts()
    const { scheduler } = settings
    return {
      events$: channels.trace.events$,
      scheduler,
      inspect: () => {
        const atMs = scheduler.now()
        return {
          atMs,
          connections: lines.inspect(atMs),
          channels: channels.sessions.inspect(atMs),
          deadlines: channels.deadlines.inspect(atMs),
        }
      },
    }
  }

  get messages$(): Observable<Message> {
    // The messages first, since a server in memory speaks while the connection is being subscribed.
    return merge(this.parts().arrivals$, this.pipe(ignoreElements()))
  }

  get latency$(): Observable<number> {
    return this.pipe(switchMap((state) => wireOf(state)?.latency$ ?? EMPTY))
  }

  channel<C extends ChannelContract = AnyContract>(
    topic: string,
    options: ChannelOptions<C> = NO_OPTIONS,
  ): Channel<C> {
    return channel<C>(topic, options, this.parts().channels)
  }

  ping(): Observable<number> {
    const { heartbeatIntervalMs, pushTimeoutMs, scheduler } = this.parts().settings
    return this.pipe(
      skipWhile((state) => state.status !== 'open'),
      // For the way to an open socket; the heartbeat has a deadline of its own.
      timeout({
        first: pushTimeoutMs,
        scheduler,
        with: () =>
          throwError(
            () =>
              new PushTimeout({
                topic: PHOENIX_TOPIC,
                event: HEARTBEAT,
                sent: false,
                timeoutMs: pushTimeoutMs,
              }),
          ),
      }),
      switchMap((state) => {
        const wire = wireOf(state)
        if (wire) return beat(wire, probeDeadlineMs(heartbeatIntervalMs), scheduler)
        const cause = state.status === 'waiting' ? state.cause : undefined
        return throwError(() => new ConnectionLost({ sent: true, cause }))
      }),
      take(1),
    )
  }
}
