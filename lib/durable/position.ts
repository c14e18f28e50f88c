/** Where a message stands in a feed: a number or a text that the server gives it, such as an id. */
export type Cursor = string | number

/** Up to where a feed is done. What a checkpoint keeps; JSON. */
export interface Position {
  readonly cursor: Cursor
  /** The sequence number of the same message, if the feed has them. */
  readonly sequence?: number | undefined
  /** How many messages had been delivered beyond the cursor when this was kept. */
  readonly ahead?: number | undefined
}

export const isCursor = (value: unknown): value is Cursor =>
  typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && value !== ''

/** Whether a value that was kept somewhere is a position. */
export const isPosition = (value: unknown): value is Position => {
  if (typeof value !== 'object' || value === null) return false
  const { cursor, sequence, ahead } = value as Partial<Record<keyof Position, unknown>>
  return (
    isCursor(cursor) &&
    (sequence === undefined || Number.isSafeInteger(sequence)) &&
    (ahead === undefined || (Number.isSafeInteger(ahead) && (ahead as number) >= 0))
  )
}
