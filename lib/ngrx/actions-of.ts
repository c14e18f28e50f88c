import { catchError, filter, isObservable, map, merge, noop, type Observable, of, repeat } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import {
  type AnyContract,
  type ChannelContract,
  type EventName,
  type EventPayload,
  type JoinReply,
} from '../channel/contract.ts'
import { type ChannelError } from '../protocol/channel-error.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { type Message } from '../protocol/message.ts'
import { type ErrorFacts, errorFacts } from './error-facts.ts'

/** An action of a store, or an event of `@ngrx/signals/events`. */
interface AnyAction {
  readonly type: string
}

/** Action creators by event of the channel. Each takes the payload of its event. */
export type EventActions<C extends ChannelContract = AnyContract> = {
  readonly [E in EventName<C>]?: (payload: EventPayload<C, E>) => AnyAction
}

/** Options of `actionsOf`; J and F are the actions that they make. */
export interface ActionsOfOptions<
  C extends ChannelContract = AnyContract,
  J extends AnyAction = AnyAction,
  F extends AnyAction = AnyAction,
> {
  /** The action for each join, also after a reconnect: a creator that takes the response of the server. */
  readonly joined?: (response: JoinReply<C>) => J
  /** The action if the join ends with an error, such as a refused first join: a creator that takes its `errorFacts`. */
  readonly failed?: (error: ErrorFacts<ChannelError>) => F
  /** After the join has ended, joins again when this emits, such as `actions$.pipe(ofType(joinAgain))`. */
  readonly rejoinOn?: Observable<unknown>
}

type ActionOf<M> = {
  [K in keyof M]: NonNullable<M[K]> extends (...args: never[]) => infer A ? Extract<A, AnyAction> : never
}[keyof M]

/** Rejects other keys than these, which a type parameter alone does not. */
type Only<M, K extends string> = Readonly<Record<Exclude<keyof M, K>, never>>

/**
 * The events of a channel as actions, for an effect of the store, or for `withEventHandlers` of `@ngrx/signals/events`. Cold;
 * subscribing joins the topic. It survives reconnects and rejoins, and never errors because of the channel: a refused join
 * becomes the action of `failed`. After that it completes, as it does when the server closes the channel, unless `rejoinOn` is
 * given. If a creator throws, it errors with what was thrown.
 *
 * @example
 * createEffect(() =>
 *   actionsOf(injectChannel(LOBBY), { new_msg: messageReceived }, { failed: (error) => joinFailed({ error }) }),
 * )
 * @throws `InvalidArgument` for anything else than a channel, action creators and Observables.
 */
export const actionsOf = <
  C extends ChannelContract,
  const M extends EventActions<C>,
  J extends AnyAction = never,
  F extends AnyAction = never,
>(
  channel: Channel<C>,
  creators: M & Only<M, EventName<C>>,
  options: ActionsOfOptions<C, J, F> = {},
): Observable<ActionOf<M> | J | F> => {
  type Create = ((given: unknown) => AnyAction) | undefined
  const { joined, failed, rejoinOn } = options as ActionsOfOptions
  const { messages$ } = checked(
    isObservable(channel) && 'messages$' in channel,
    'actionsOf.channel',
    channel,
    DEV && 'pass a channel, such as injectChannel("room:lobby").',
  )
  if (DEV) checkCreators(creators, options as ActionsOfOptions)
  const byEvent = new Map<string, Create>(Object.entries(creators))

  // Messages first, since a server may send something along with its answer to the join.
  const happened$ = merge(
    messages$.pipe(map((message) => ({ message }))),
    channel.pipe(
      filter((state) => state.status === 'joined'),
      map(({ response }) => ({ response })),
    ),
  ).pipe(
    // Before the creators are called, so that an error of theirs is not mistaken for one of the channel.
    catchError((error: ChannelError) => of({ error })),
  )
  const toAction = (happened: {
    readonly message?: Message
    readonly response?: unknown
    readonly error?: ChannelError
  }): AnyAction | undefined => {
    const { message, error, response } = happened
    if (message) return byEvent.get(message.event)?.(message.payload)
    return error ? failed?.(errorFacts(error)) : joined?.(response)
  }
  const actions$ = happened$.pipe(
    map(toAction),
    filter((action) => action !== undefined),
  )
  return (rejoinOn ? actions$.pipe(repeat({ delay: () => rejoinOn })) : actions$) as Observable<never>
}

const checkCreators = (creators: object, { joined, failed, rejoinOn }: ActionsOfOptions): void => {
  checked(
    typeof (creators as unknown) === 'object',
    'actionsOf.creators',
    creators,
    'pass action creators by event, such as { new_msg: messageReceived }.',
  )
  const ofStates: [string, unknown][] = [
    ['joined', joined ?? noop],
    ['failed', failed ?? noop],
  ]
  for (const [name, create] of [...Object.entries(creators), ...ofStates])
    checked(
      typeof create === 'function',
      `actionsOf.${name}`,
      create,
      'pass an action creator, or a function that returns an action.',
    )
  checked(
    rejoinOn === undefined || isObservable(rejoinOn),
    'actionsOf.rejoinOn',
    rejoinOn,
    'pass an Observable, such as actions$.pipe(ofType(joinAgain)).',
  )
}
