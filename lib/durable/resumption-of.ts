import { type Cursor, isCursor } from './position.ts'

/** What the reply of a join says about the messages that follow. */
export interface Resumption {
  /** They follow the last one. */
  readonly resumed: boolean
  /** The server has answered that it cannot resume. */
  readonly denied: boolean
  /** Where a feed without a position begins: the messages follow this one. */
  readonly start: Cursor | undefined
}

/**
 * Reads the reply of a join. A server that resumes may answer with `resumed`, a boolean, and `cursor`: `resumed: false` means
 * that it cannot continue after the position that it was asked for, and `cursor` is where a feed without a position begins.
 */
export const resumptionOf = (response: unknown, asked: boolean): Resumption => {
  const { resumed, cursor } = Object(response) as { readonly resumed?: unknown; readonly cursor?: unknown }
  if (!asked || typeof resumed !== 'boolean') return { resumed: asked, denied: false, start: undefined }
  return { resumed, denied: !resumed, start: isCursor(cursor) ? cursor : undefined }
}
