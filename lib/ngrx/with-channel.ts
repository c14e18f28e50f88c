import { computed, InjectionToken, type ProviderToken, type Signal, signal, untracked } from '@angular/core'
import {
  type EmptyFeatureResult,
  type Prettify,
  type SignalStoreFeature,
  signalStoreFeature,
  type SignalStoreFeatureResult,
  withMethods,
  withProps,
} from '@ngrx/signals'
import {
  defer,
  ignoreElements,
  merge,
  mergeMap,
  noop,
  type Observable,
  ReplaySubject,
  throwError,
} from 'rxjs'
import { channelResource } from '../angular/channel-resource.ts'
import { givenSocket } from '../angular/given-socket.ts'
import { withFailure } from '../angular/with-failure.ts'
import { type Channel } from '../channel/channel.ts'
import { type ChannelOptions } from '../channel/channel-options.ts'
import {
  type AnyContract,
  type AnyTopics,
  type ChannelContract,
  type ContractAt,
  type TopicContracts,
  type TopicOf,
} from '../channel/contract.ts'
import { type PhoenixSocket } from '../phoenix-socket.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { ChannelClosed } from '../protocol/push-error.ts'
import { type ChannelMethods, type ChannelProps } from './channel-feature.ts'
import { type ChannelReducers, reduced } from './channel-reducers.ts'
import { type TypedWithChannelOptions, type WithChannelOptions } from './with-channel-options.ts'

/** What `withChannel` adds to a store. */
export interface ChannelFeature<C extends ChannelContract> extends EmptyFeatureResult {
  props: ChannelProps<C>
  methods: Prettify<ChannelMethods<C>>
}

/**
 * Adds a channel to a store. It is joined for as long as the store exists, and its events change the state. The store gets the
 * signals `status`, `error`, `channel` and `channelState`, and the methods `push`, `send` and `rejoin`. If the topic is a function
 * of the store, a new topic leaves the old channel and joins the new one; the state stays, so reset it with `withLinkedState` or in
 * `joined`. During server-side rendering nothing connects.
 *
 * If a reducer throws, the store leaves the topic, and `error` is what was thrown. A store has one channel; add another one as a
 * property: `withProps(() => ({ todos: liveStateResource({ … }) }))`.
 *
 * @example
 * signalStore(
 *   withState({ messages: [] as readonly Message[] }),
 *   withChannel({
 *     topic: 'room:lobby',
 *     contract: type<Lobby>(),
 *     events: { new_msg: ({ messages }, message) => ({ messages: [...messages, message] }) },
 *   }),
 * )
 * @throws `InvalidArgument` for a topic or a reducer that cannot work; an Error if no socket is provided when the store is made.
 */
export function withChannel<
  I extends SignalStoreFeatureResult,
  T extends TopicContracts<T>,
  Topic extends TopicOf<T>,
>(options: TypedWithChannelOptions<I, T, Topic>): SignalStoreFeature<I, ChannelFeature<ContractAt<T, Topic>>>
export function withChannel<
  I extends SignalStoreFeatureResult,
  C extends ChannelContract = AnyContract,
  T extends TopicContracts<T> = AnyTopics,
>(options: WithChannelOptions<I, C, T>): SignalStoreFeature<I, ChannelFeature<C>>
export function withChannel(
  given: GivenOptions,
): SignalStoreFeature<EmptyFeatureResult, ChannelFeature<AnyContract>> {
  checkOptions(given)
  const { topic, options, socket } = given
  return signalStoreFeature(
    withProps((store) => {
      checked(
        !('_attach' in store),
        'withChannel',
        topic,
        DEV &&
          'a store has one channel; give another one as a property, withProps(() => ({ other: channelResource({ … }) })).',
      )
      if (!(topic instanceof InjectionToken)) givenSocket('withChannel', socket)
      // Replayed to the current channel and to each later one.
      const attached$ = new ReplaySubject<(channel: Channel) => Observable<unknown>>(Infinity)
      const resource = channelResource<unknown>({
        topic: typeof topic === 'function' ? () => topic(store) : topic,
        ...(options && { options }),
        ...(socket && { socket }),
        stream: (channel) =>
          merge(reduced(channel, given, store), attached$.pipe(mergeMap((stream) => stream(channel)))).pipe(
            ignoreElements(),
          ),
        defaultValue: undefined,
      })
      const failing = signal<Failing | undefined>(undefined)
      return {
        ...withFailure(
          resource,
          resource.state,
          computed(() => failing()?.failure()),
        ),
        channel: resource.channel,
        channelState: resource.state,
        _attach: (stream: (channel: Channel) => Observable<unknown>): void => {
          attached$.next(stream)
        },
        _failing: (failure: Failing['failure'], repair: Failing['repair']): void => {
          failing.set({ failure, repair })
        },
        _reload: () => {
          const { failure, repair } = untracked(failing) ?? {}
          if (resource.reload()) return true
          if (!repair || untracked(() => failure?.()) === undefined) return false
          repair()
          return true
        },
      }
    }),
    withMethods(({ channel, _reload }) => {
      const now = <A>(use: (channel: Channel) => Observable<A>): Observable<A> =>
        defer(() => {
          const target = untracked(channel)
          return target ? use(target) : throwError(() => new ChannelClosed({ topic: '', sent: false }))
        })
      return {
        push: (...args: Parameters<Channel['push']>) => now((target) => target.push(...args)),
        send: (...args: Parameters<Channel['send']>) => now((target) => target.send(...args)),
        rejoin: () => _reload(),
      } as Prettify<ChannelMethods>
    }),
  )
}

interface Failing {
  readonly failure: Signal<Error | undefined>
  readonly repair: () => void
}

interface GivenOptions extends ChannelReducers<object> {
  readonly topic: string | InjectionToken<Channel> | ((store: object) => string | undefined)
  readonly options?: ChannelOptions
  readonly socket?: ProviderToken<PhoenixSocket>
}

const checkOptions = ({ topic, events = {}, joined }: GivenOptions): void => {
  checked(
    typeof topic === 'function' ||
      topic instanceof InjectionToken ||
      (typeof topic === 'string' && topic !== ''),
    'withChannel.topic',
    topic,
    DEV &&
      'pass a topic such as "room:lobby", a function of the store that gives one, or a token of channelToken.',
  )
  if (!DEV) return
  for (const [name, reduce] of Object.entries({ joined: joined ?? noop, ...events }))
    checked(
      typeof reduce === 'function',
      `withChannel.${name}`,
      reduce,
      'pass a function such as (state, payload) => ({ last: payload }).',
    )
}
