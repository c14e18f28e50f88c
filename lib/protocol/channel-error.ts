import { DEV } from './dev.ts'
import { type ConnectionError } from './connection-error.ts'
import { reasonOf } from './reply.ts'
import { TaggedError } from './tagged-error.ts'

/** The server answered the join with a refusal. */
export class JoinRefused extends TaggedError<'JoinRefused'> {
  declare readonly topic: string
  /** What the server gave as the reason; Phoenix's own refusals are `{ reason }`. */
  declare readonly response: unknown
  /** True if the topic had been joined before by the same subscribers, so that the refusal may not last. */
  declare readonly rejoin?: true

  constructor(facts: { topic: string; response: unknown; rejoin?: true }) {
    super(
      'JoinRefused',
      DEV && `The server refused the join of "${facts.topic}": ${hint(facts.response)}`,
      facts,
    )
  }
}

const hint = (response: unknown): string => {
  const reason = reasonOf(response)
  if (reason === 'unmatched topic')
    return 'no channel of this socket handles the topic; check its spelling and the mount point.'
  if (reason === 'join crashed') return 'its join callback raised; see the log of the server.'
  return typeof reason === 'string' ? `${reason}.` : 'see response.'
}

/** The server allows no more channels on one connection (100 by default since Phoenix 1.8.9). */
export class TooManyChannels extends TaggedError<'TooManyChannels'> {
  declare readonly topic: string
  /** As in `JoinRefused`. */
  declare readonly rejoin?: true

  constructor(topic: string, rejoin?: true) {
    super(
      'TooManyChannels',
      DEV &&
        `The server allows no more channels on this connection, so "${topic}" was refused; ` +
          'set channelsPerConnection to its limit (100 by default), or raise max_channels_per_transport there.',
      { topic, ...(rejoin && { rejoin }) },
    )
  }
}

/** The server did not answer the join in time. A leave has been sent, so that no ghost of the join remains. */
export class JoinTimeout extends TaggedError<'JoinTimeout'> {
  declare readonly topic: string
  declare readonly timeoutMs: number

  constructor(facts: { topic: string; timeoutMs: number }) {
    super(
      'JoinTimeout',
      DEV &&
        `The server did not answer the join of "${facts.topic}" within ${facts.timeoutMs} ms; raise joinTimeoutMs if the join takes longer, or if its reply is large and the network slow.`,
      facts,
    )
  }
}

/** The topic is joined with other options. */
export class AlreadyJoined extends TaggedError<'AlreadyJoined'> {
  declare readonly topic: string
  /** The option that differs. */
  declare readonly option: string

  constructor(facts: { topic: string; option: string }) {
    super(
      'AlreadyJoined',
      DEV &&
        `"${facts.topic}" is joined with another value of "${facts.option}"; one topic has one join. ` +
          'Leave the option out to share the join, or wait until its last subscriber has gone.',
      facts,
    )
  }
}

/** The channel crashed on the server (`phx_error`), or the server no longer had the join. */
export class ChannelCrashed extends TaggedError<'ChannelCrashed'> {
  declare readonly topic: string
  /** What the server sent with it: `{ reason: "channel_crash" }`, or `{}` before Phoenix 1.8.10. */
  declare readonly payload: unknown
  /** Of a push: whether it had been sent, so that its outcome is unknown. In the state of a channel: false. */
  declare readonly sent: boolean

  constructor(facts: { topic: string; payload: unknown; sent?: boolean }) {
    super('ChannelCrashed', DEV && `The channel "${facts.topic}" crashed on the server; see its log.`, {
      ...facts,
      sent: facts.sent ?? false,
    })
  }
}

/** Why a channel is not joined. */
export type ChannelError =
  JoinRefused | TooManyChannels | JoinTimeout | ChannelCrashed | AlreadyJoined | ConnectionError
