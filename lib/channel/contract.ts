/**
 * The messages of a channel, as a type. Each part may be left out.
 *
 * @example
 * interface Room {
 *   join: { params: { nickname: string }; reply: { members: number } }
 *   events: { new_msg: { body: string; from: string } }
 *   pushes: { new_msg: { payload: { body: string }; reply: { id: string } } }
 * }
 */
export interface ChannelContract {
  readonly join?: { readonly params?: unknown; readonly reply?: unknown }
  /** Payloads by event, from the server. */
  readonly events?: object
  /** Payload and reply by event, to the server. */
  readonly pushes?: object
}

/** The contract of a channel without one: any event, and `unknown` for what comes in. */
export interface AnyContract {
  readonly join: { readonly params: unknown; readonly reply: unknown }
  readonly events: Readonly<Record<string, unknown>>
  readonly pushes: Readonly<Record<string, { readonly payload: unknown; readonly reply: unknown }>>
}

/** What the join of a contract takes. */
export type JoinParams<C> = C extends { join: { params: infer P } } ? P : unknown
/** What the server answers to the join, as `response` of the state `joined`. */
export type JoinReply<C> = C extends { join: { reply: infer R } } ? R : unknown

type Events<C> = C extends { events: infer E } ? E : AnyContract['events']
type Pushes<C> = C extends { pushes: infer P } ? P : AnyContract['pushes']

/** The events that the server sends. */
export type EventName<C> = keyof Events<C> & string
/** What comes with one event. */
export type EventPayload<C, E extends EventName<C>> = Events<C>[E]

/** The events that a client may push. */
export type PushName<C> = keyof Pushes<C> & string
/** What goes with one push; undefined where the contract has nothing. */
export type PushPayload<C, E extends PushName<C>> = Pushes<C>[E] extends { payload: infer P } ? P : undefined
/** The response of the reply to one push. */
export type PushReply<C, E extends PushName<C>> = Pushes<C>[E] extends { reply: infer R } ? R : unknown
