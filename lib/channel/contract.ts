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

/**
 * Contracts by topic, for a whole socket: `phoenixSocket<{ 'room:*': Room; 'feed:quakes': Feed }>(url)`. A key is a whole
 * topic, or a prefix and a star, as in `channel "room:*", RoomChannel` of a Phoenix socket.
 */
export type TopicContracts<T> = { readonly [K in keyof T]: ChannelContract }

/** The topics of a socket without contracts: any topic, each channel with the contract that is given for it. */
export type AnyTopics = Readonly<Record<string, AnyContract>>

/** The topics that a socket with these contracts has; never for `AnyTopics`. */
export type TopicOf<T> = string extends keyof T ? never : PatternTopic<keyof T & string>

/** Any string for a socket without contracts by topic, and never for one that has them. */
export type UntypedTopic<T> = string extends keyof T ? string : never

/** The contract of one topic: that of the topic itself, or else of the longest prefix that fits. */
export type ContractAt<T, Topic extends string> = Topic extends keyof T
  ? Extract<T[Topic], ChannelContract>
  : Extract<T[Longest<Matching<keyof T & string, Topic>> & keyof T], ChannelContract>

type PatternTopic<Pattern extends string> = Pattern extends `${infer Prefix}*`
  ? `${Prefix}${string}`
  : Pattern

/** The patterns with a star that match a topic. */
type Matching<Pattern extends string, Topic extends string> = Pattern extends `${infer Prefix}*`
  ? Topic extends `${Prefix}${string}`
    ? Pattern
    : never
  : never

/** Of patterns that match one topic, the one whose prefix begins with the prefixes of all others. */
type Longest<All extends string, Pattern extends string = All> = Pattern extends `${infer Prefix}*`
  ? [All] extends [Matching<All, Prefix>]
    ? Pattern
    : never
  : never
