import { type AnyContract, type ChannelContract } from './contract.ts'

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
