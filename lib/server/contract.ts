/**
 * The types of a channel, the same for client and server: what a join takes and answers, which events the server
 * sends, which pushes it takes and what it answers. All parts may be left out; what is left out is `unknown`.
 */
export interface ServerContract {
  readonly join?: { readonly params?: unknown; readonly reply?: unknown }
  readonly events?: object
  readonly pushes?: object
}

/** The params of the join. */
export type JoinParamsOf<C> = C extends { readonly join: { readonly params: infer P } } ? P : unknown

/** What a join that went well is answered with. */
export type JoinReplyOf<C> = C extends { readonly join: { readonly reply: infer R } } ? R : unknown

/** The pushes of a contract; without one, any event with an unknown payload. */
export type PushesOf<C> = C extends { readonly pushes: infer P } ? P : Readonly<Record<string, unknown>>

/** The payload of a push. */
export type PushPayloadOf<P> = P extends { readonly payload: infer A } ? A : unknown

/** What a push that went well is answered with. */
export type PushReplyOf<P> = P extends { readonly reply: infer R } ? R : unknown

/** The events that a channel may push or broadcast. */
export type EventsOf<C> = C extends { readonly events: infer E } ? E : Readonly<Record<string, unknown>>
