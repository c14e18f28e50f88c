import { type Resumption } from './placed.ts'
import { isCursor } from './position.ts'

/**
 * Reads the reply of a join. A server that resumes may answer with `resumed`, a boolean, and `cursor`: then false means
 * that it could not go on after the position that it was asked for, and `cursor` is where a feed without one begins.
 */
export const resumptionOf = (response: unknown, asked: boolean): Resumption => {
  const { resumed, cursor } = Object(response) as { readonly resumed?: unknown; readonly cursor?: unknown }
  if (!asked || typeof resumed !== 'boolean') return { resumed: asked, denied: false, start: undefined }
  return { resumed, denied: !resumed, start: isCursor(cursor) ? cursor : undefined }
}
