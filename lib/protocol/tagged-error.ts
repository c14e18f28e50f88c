/** The pages that short messages refer to: the documentation site has one for each error, under its tag. */
const ERROR_PAGES = 'rx-phoenix/errors/'

/**
 * What all errors of the library have in common: a literal `_tag` that identifies them (also across copies of the
 * library, where `instanceof` fails), a message that suggests what to do, typed fields and, if there is one, the `cause`.
 */
export abstract class TaggedError<Tag extends string> extends Error {
  declare readonly _tag: Tag

  /**
   * @param message - the text of the development build: `DEV && '…'`. Without it, a short line is used.
   * @param facts - the fields, and the `cause`, if there is one.
   */
  constructor(tag: Tag, message: string | false, facts: object) {
    const { cause, ...fields } = facts as { readonly cause?: unknown }
    super(message || shortText(tag, fields), cause === undefined ? undefined : { cause })
    Object.assign(this, fields, { _tag: tag, name: tag })
  }
}

/** Such as `"new_msg" on "room:lobby", see rx-phoenix/errors/PushTimeout`; a log shows the name before it. */
const shortText = (tag: string, { topic, event, argument, input }: Subject): string => {
  const names = [event, argument, input, topic].filter((name) => name !== undefined)
  const subject = names.map((name) => `"${name}"`).join(' on ')
  return `${subject && `${subject}, `}see ${ERROR_PAGES}${tag}`
}

/** The fields that name what an error is about. */
interface Subject {
  readonly topic?: string
  readonly event?: string
  readonly argument?: string
  readonly input?: string
}
