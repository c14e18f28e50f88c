/**
 * What all errors of the library have in common: a literal `_tag` to tell them apart by (also across copies of the
 * library, where `instanceof` fails), a message that says what to do, typed fields and, where there is one, the `cause`.
 */
export abstract class TaggedError<Tag extends string> extends Error {
  readonly _tag: Tag

  constructor(tag: Tag, message: string, fields: object, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    Object.assign(this, fields)
    this._tag = tag
    this.name = tag
  }
}
