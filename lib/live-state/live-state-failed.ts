import { DEV } from '../protocol/dev.ts'
import { reasonOf } from '../protocol/reply.ts'
import { TaggedError } from '../protocol/tagged-error.ts'

/** The server of a live state sent an error instead of a state, for instance because its `init` failed. The channel stays joined. */
export class LiveStateFailed extends TaggedError<'LiveStateFailed'> {
  declare readonly topic: string
  /** What the server sent, unchanged. */
  declare readonly response: unknown

  constructor(facts: { topic: string; response: unknown }) {
    super(
      'LiveStateFailed',
      DEV && `The server has no live state of "${facts.topic}": ${hint(facts.response)}`,
      facts,
    )
  }
}

const hint = (response: unknown): string => {
  const reason = reasonOf(response)
  return typeof reason === 'string' ? `${reason}.` : 'see response.'
}
