import {
  type EventsOf,
  type JoinParamsOf,
  type JoinReplyOf,
  type PushesOf,
  type PushPayloadOf,
  type PushReplyOf,
  type ServerContract,
} from './contract.ts'
import { type HandlerResult, type ReplyResult, type StopReason } from './result.ts'
import { type Assigns, type ServerSocket } from './server-socket.ts'

/** One join of one client, as the functions of a channel see it. Everything on it is undone when the channel ends. */
export interface ServerChannel<C extends ServerContract = ServerContract, A extends object = Assigns> {
  readonly topic: string
  /** The ref that the client gave this join: a string, unless the client chose another JSON value. */
  readonly joinRef: unknown
  readonly socket: ServerSocket
  /** The ways to other topics. */
  readonly endpoint: Endpoint
  /** State of this join; begins as a copy of the socket's assigns. Yours to change. */
  readonly assigns: A
  /** Aborted when the channel ends: pass it to whatever waits. */
  readonly signal: AbortSignal
  /** Sends an event to this client. Not within `join`: the client is not joined yet; use `send` there. */
  push<E extends keyof EventsOf<C> & string>(event: E, payload?: EventsOf<C>[E]): void
  /** Sends an event to every client of the topic, this one included. */
  broadcast<E extends keyof EventsOf<C> & string>(event: E, payload?: EventsOf<C>[E]): void
  /** Sends an event to every other client of the topic. */
  broadcastFrom<E extends keyof EventsOf<C> & string>(event: E, payload?: EventsOf<C>[E]): void
  /** Sends a message to this channel's own `handleInfo`, which runs after the current handler. */
  send(message: unknown): void
  /** The same after a time, in milliseconds. The function that is returned cancels it. */
  sendAfter(message: unknown, delayMs: number): () => void
  /** Also sends `handleInfo` what `server.publish` sends to another topic; that of its own topic it always gets. */
  subscribe(topic: string): void
  /**
   * Sends this client the broadcasts on another topic, which it need not have joined, as a subscription of the transport
   * process does in Phoenix (Absinthe's subscriptions are made so). Lasts until the function that is returned is called, or
   * the channel ends.
   */
  forward(topic: string): () => void
  /** Resolves when the client has taken most of what was sent to it: for handlers that send a great deal. */
  drained(): Promise<void>
  /** Ends the channel from outside of its handlers. */
  stop(reason?: StopReason): void
}

/** The server, as its channels see it. */
export interface Endpoint {
  /** Sends an event to every client of a topic. */
  broadcast(topic: string, event: string, payload?: unknown): void
  /** Sends a message to `handleInfo` of every channel of a topic, and of those that have subscribed to it. */
  publish(topic: string, message: unknown): number
}

/** The push that a handler handles. */
export interface PushRequest {
  readonly event: string
  /** The ref that the client gave this push: a string, unless the client chose another JSON value, or null. */
  readonly ref: unknown
  /** Answers now or later, also after the handler has returned (`Phoenix.Channel.reply/2` with a `socket_ref`). */
  reply(answer: ReplyResult): void
}

/** Why a channel has ended. */
export type TerminateReason =
  | { readonly _tag: 'Left' }
  | { readonly _tag: 'Closed' }
  | { readonly _tag: 'Replaced' }
  | { readonly _tag: 'Stopped'; readonly reason: StopReason }
  | { readonly _tag: 'Crashed'; readonly error: unknown }

type MaybePromise<T> = T | PromiseLike<T>

/** One function for each event; an event without one crashes the channel, as a missing clause does in Elixir. */
export type PushHandlers<C extends ServerContract, A extends object> = {
  readonly [E in keyof PushesOf<C>]?: (
    payload: PushPayloadOf<PushesOf<C>[E]>,
    channel: ServerChannel<C, A>,
    request: PushRequest,
  ) => MaybePromise<HandlerResult<PushReplyOf<PushesOf<C>[E]>>>
}

/** One function for all events. */
export type PushHandler<C extends ServerContract, A extends object> = (
  event: string,
  payload: unknown,
  channel: ServerChannel<C, A>,
  request: PushRequest,
) => MaybePromise<HandlerResult>

/**
 * A channel, as functions. Each may be asynchronous; the channel handles one thing at a time, in order. A function that
 * throws or rejects crashes this channel for this client (`phx_error`) and nothing else.
 */
export interface ChannelDefinition<C extends ServerContract = ServerContract, A extends object = Assigns> {
  /** Answers `ok(reply)` or `error(reason)`; nothing at all is `ok({})`. The whole connection waits for it. */
  join?(
    params: JoinParamsOf<C>,
    channel: ServerChannel<C, A>,
    topic: string,
  ): MaybePromise<HandlerResult<JoinReplyOf<C>>>
  readonly handleIn?: PushHandlers<C, A> | PushHandler<C, A>
  /** Messages of `channel.send`, `channel.sendAfter` and `server.publish`. */
  handleInfo?(message: unknown, channel: ServerChannel<C, A>): MaybePromise<HandlerResult>
  /** Broadcasts that this channel intercepts, by event: the client gets only what the function pushes. */
  readonly handleOut?: Readonly<
    Record<string, (payload: unknown, channel: ServerChannel<C, A>) => MaybePromise<HandlerResult>>
  >
  /** Runs once for each join that has succeeded. */
  terminate?(reason: TerminateReason, channel: ServerChannel<C, A>): MaybePromise<void>
}

/** Gives a channel its types. At run time it is the identity. */
export const channel = <C extends ServerContract = ServerContract, A extends object = Assigns>(
  definition: ChannelDefinition<C, A>,
): ChannelDefinition => definition as unknown as ChannelDefinition
