/**
 * What all errors of the library have in common: a literal `_tag` to tell them apart by (also across copies of the
 * library, where `instanceof` fails), a message that says what to do, and, where there is one, the `cause`.
 */
export abstract class TaggedError<Tag extends string> extends Error {
  readonly _tag: Tag

  constructor(tag: Tag, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this._tag = tag
    this.name = tag
  }
}
