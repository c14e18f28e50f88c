import { DEV } from './dev.ts'
import { type ChannelCrashed, type ChannelError } from './channel-error.ts'
import { type ConnectionError } from './connection-error.ts'
import { reasonOf, type Reply } from './reply.ts'
import { type EncodeError } from './serializer.ts'
import { TaggedError } from './tagged-error.ts'

/** The server answered the push with another status than `ok`, known or not. */
export class PushRefused extends TaggedError<'PushRefused'> {
  declare readonly topic: string
  declare readonly event: string
  declare readonly status: string
  declare readonly response: unknown

  constructor(facts: { topic: string; event: string } & Reply) {
    super(
      'PushRefused',
      DEV &&
        `The server answered "${facts.event}" on "${facts.topic}" with status "${facts.status}": ${why(facts.response)}.`,
      facts,
    )
  }
}

const why = (response: unknown): string => {
  const reason = reasonOf(response)
  return typeof reason === 'string' ? reason : 'see response'
}

/** No reply came in time. If `sent`, the server may have acted on the push all the same. */
export class PushTimeout extends TaggedError<'PushTimeout'> {
  declare readonly topic: string
  declare readonly event: string
  declare readonly sent: boolean
  declare readonly timeoutMs: number

  constructor(facts: { topic: string; event: string; sent: boolean; timeoutMs: number }) {
    super(
      'PushTimeout',
      DEV &&
        (facts.sent
          ? `The server did not answer "${facts.event}" on "${facts.topic}" within ${facts.timeoutMs} ms; if it never replies to this event, use send().`
          : `"${facts.event}" on "${facts.topic}" was not sent, since the channel was not joined within ${facts.timeoutMs} ms; the state of the channel shows why.`),
      // One by one: a payload, which may hold a secret, must not slip in.
      { topic: facts.topic, event: facts.event, sent: facts.sent, timeoutMs: facts.timeoutMs },
    )
  }
}

/** The connection ended before the reply came. If `sent`, the outcome is unknown; a retry may act twice on the server. */
export class ConnectionLost extends TaggedError<'ConnectionLost'> {
  declare readonly sent: boolean
  declare readonly cause: ConnectionError | undefined

  constructor(facts: { sent: boolean; cause?: ConnectionError | undefined }) {
    super(
      'ConnectionLost',
      DEV &&
        (facts.sent
          ? 'The connection ended before the reply came, so the outcome of the push is unknown; retry only what may happen twice.'
          : 'The connection ended before the push was sent; a retry waits for the next connection.'),
      facts,
    )
  }
}

/** The channel was closed by the server, or its join was replaced, before the reply came. */
export class ChannelClosed extends TaggedError<'ChannelClosed'> {
  declare readonly topic: string
  declare readonly sent: boolean

  constructor(facts: { topic: string; sent: boolean }) {
    super(
      'ChannelClosed',
      DEV &&
        `The channel "${facts.topic}" was closed before the push was ${facts.sent ? 'answered' : 'sent'}; subscribe again to join again.`,
      facts,
    )
  }
}

/** The payload cannot be carried. Nothing was sent. */
export class InvalidPayload extends TaggedError<'InvalidPayload'> {
  declare readonly topic: string
  declare readonly event: string
  declare readonly reason: string

  constructor({ topic, event, error }: { topic: string; event: string; error: EncodeError }) {
    const reason = reasonFor(error)
    super('InvalidPayload', DEV && `"${event}" on "${topic}" cannot be sent: ${reason}`, {
      topic,
      event,
      reason,
      cause: 'cause' in error ? error.cause : undefined,
    })
  }
}

const reasonFor = (error: EncodeError): string => {
  if ('reason' in error) return error.reason
  if ('part' in error)
    return DEV
      ? `its ${error.part} has ${error.byteLength} bytes, and a binary frame has room for 255.`
      : error.part
  return DEV ? `version ${error.vsn} of the protocol has no binary form; use 2.0.0, or base64.` : error.vsn
}

/** How a push can fail. */
export type PushError =
  PushRefused | PushTimeout | ConnectionLost | ChannelCrashed | ChannelClosed | InvalidPayload | ChannelError
