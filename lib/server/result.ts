import { InvalidArgument } from '../protocol/invalid-argument.ts'

declare const other: unique symbol
/** A status that is not `ok`, for the types only: an `ok` must have the response that its contract promises. */
type OtherStatus = string & { readonly [other]: true }

/** An answer with status `ok`. */
export interface OkReply<R = unknown> {
  readonly _tag: 'Reply'
  readonly status: 'ok'
  /** A JSON value, or bytes (`ArrayBuffer`, typed array, `Buffer`), which travel in a binary frame. */
  readonly response: R
}

/** An answer with any other status. */
export interface OtherReply {
  readonly _tag: 'Reply'
  /** `error`, or any word that the client understands. */
  readonly status: OtherStatus
  readonly response: unknown
}

/** An answer to a join or a push. */
export type ReplyResult<R = unknown> = OkReply<R> | OtherReply

/**
 * Why a channel stops itself. The first three are an orderly end, which the client sees as `phx_close`; with `error`
 * it sees `phx_error` and joins again (recording `channel_stop`).
 */
export type StopReason = 'normal' | 'shutdown' | { readonly shutdown: unknown } | { readonly error: unknown }

/** The end of a channel by its own decision, with or without an answer to the push that caused it. */
export interface StopResult {
  readonly _tag: 'Stop'
  readonly reason: StopReason
  readonly reply: ReplyResult | undefined
}

/** What a handler of a push may return: an answer, an end, or nothing at all (`noreply`). */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a handler that returns nothing is of type void
export type HandlerResult<R = unknown> = ReplyResult<R> | StopResult | undefined | void

/** An answer with a status of choice. `response` defaults to `{}`, as in Phoenix. */
export const reply = (status: string, response: unknown = {}): OtherReply => {
  if (typeof status !== 'string' || status === '')
    throw new InvalidArgument('status', status, 'pass the status of the reply, such as "ok" or "error".')
  return { _tag: 'Reply', status: status as OtherStatus, response }
}

/** A join or push that went well. */
export const ok: {
  (): OkReply<Readonly<Record<string, never>>>
  <R>(response: R): OkReply<R>
} = (response: unknown = {}): OkReply<never> => ({ _tag: 'Reply', status: 'ok', response: response as never })

/** A join or push that is refused. */
export const error = (response: unknown = {}): OtherReply => reply('error', response)

/** Ends the channel; a reply to the push, if there is one, goes out first. */
export const stop = (reason: StopReason = 'shutdown', answer?: ReplyResult): StopResult => ({
  _tag: 'Stop',
  reason,
  reply: answer,
})

/** True for the reasons that a client sees as `phx_close`. */
export const isOrderly = (reason: StopReason): boolean =>
  reason === 'normal' || reason === 'shutdown' || (typeof reason === 'object' && 'shutdown' in reason)

/** Reads what a handler returned; undefined if it is nonsense, for handlers are not always written in TypeScript. */
export const readResult = (value: unknown): ReplyResult | StopResult | 'noreply' | undefined => {
  if (value === undefined) return 'noreply'
  if (typeof value !== 'object' || value === null) return undefined
  const { _tag, status, reply: answer } = value as Partial<Record<string, unknown>>
  if (_tag === 'Reply') return typeof status === 'string' ? (value as ReplyResult) : undefined
  if (_tag !== 'Stop') return undefined
  const wellFormed = answer === undefined || readResult(answer) === answer
  return wellFormed ? (value as StopResult) : undefined
}
