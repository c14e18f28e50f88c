/** The pages that short messages refer to: the documentation site has one for each error, under its tag. */
const ERROR_PAGES = 'rx-phoenix/errors/'

/**
 * What all errors of the library have in common: a literal `_tag` that identifies them (also across copies of the
 * library, where `instanceof` fails), a message that suggests what to do, typed fields and, if there is one, the `cause`.
 */
export abstract class TaggedError<Tag extends string> extends Error {
  readonly _tag: Tag

  /** @param message - the text of the development build: `DEV && '…'`. Without it, a short line is used. */
  constructor(tag: Tag, message: string | false, fields: object, cause?: unknown) {
    super(message === false ? shortText(tag, fields) : message, cause === undefined ? undefined : { cause })
    Object.assign(this, fields)
    this._tag = tag
    this.name = tag
  }
}

/** Such as `"new_msg" on "room:lobby", see rx-phoenix/errors/PushTimeout`; a log shows the name before it. */
const shortText = (tag: string, fields: Subject): string => {
  const { topic, event, argument, input } = fields
  const subject = [event ?? argument ?? input, topic].filter((name) => name !== undefined)
  return `${subject.map((name) => `"${name}"`).join(' on ')}${subject.length > 0 ? ', ' : ''}see ${ERROR_PAGES}${tag}`
}

/** The fields that name what an error is about. */
interface Subject {
  readonly topic?: string
  readonly event?: string
  readonly argument?: string
  readonly input?: string
}
