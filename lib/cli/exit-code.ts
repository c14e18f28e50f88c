/** How the process ends; described for users in docs/cli.md. */
export const DONE = 0
export const FAILED = 1
export const WRONG_USAGE = 2
export const NOT_CONNECTED = 3
export const NOT_JOINED = 4
export const NOT_PUSHED = 5
/** 128 and the number of the signal, as shells have it. */
export const INTERRUPTED = 130
export const TERMINATED = 143
export const HUNG_UP = 129

/** A mistake on the command line that only shows when its parts are put together. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Errors of the library are told apart by their `_tag`, whatever copy of it they come from. */
const codes: Readonly<Record<string, number>> = {
  InvalidArgument: WRONG_USAGE,
  InputFailed: WRONG_USAGE,
  ConnectionRefused: NOT_CONNECTED,
  ConnectionFailed: NOT_CONNECTED,
  ConnectionClosed: NOT_CONNECTED,
  ConnectTimeout: NOT_CONNECTED,
  HeartbeatTimeout: NOT_CONNECTED,
  Unauthorized: NOT_CONNECTED,
  JoinRefused: NOT_JOINED,
  JoinTimeout: NOT_JOINED,
  TooManyChannels: NOT_JOINED,
  AlreadyJoined: NOT_JOINED,
  ChannelCrashed: NOT_JOINED,
  PushRefused: NOT_PUSHED,
  PushTimeout: NOT_PUSHED,
  ConnectionLost: NOT_PUSHED,
  ChannelClosed: NOT_PUSHED,
  InvalidPayload: NOT_PUSHED,
}

/** The exit code for what a command failed with. */
export const exitCodeOf = (error: unknown): number => {
  if (error instanceof UsageError) return WRONG_USAGE
  const { _tag } = (error ?? {}) as { readonly _tag?: unknown }
  return (typeof _tag === 'string' ? codes[_tag] : undefined) ?? FAILED
}
