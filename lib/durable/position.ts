/** The position of a message in a feed: a number or a text from the server, such as an id. */
export type Cursor = string | number

/** How far a feed is done. This is what a checkpoint stores, as JSON. */
export interface Position {
  readonly cursor: Cursor
  /** The sequence number of the same message, if the feed has them. */
  readonly sequence?: number | undefined
  /** How many messages had been delivered after the cursor when this was saved. */
  readonly ahead?: number | undefined
}

export const isCursor = (value: unknown): value is Cursor =>
  typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && value !== ''

/** Whether a stored value is a position. */
export const isPosition = (value: unknown): value is Position => {
  if (typeof value !== 'object' || value === null) return false
  const { cursor, sequence, ahead } = value as Partial<Record<keyof Position, unknown>>
  return (
    isCursor(cursor) &&
    (sequence === undefined || Number.isSafeInteger(sequence)) &&
    (ahead === undefined || (Number.isSafeInteger(ahead) && (ahead as number) >= 0))
  )
}
