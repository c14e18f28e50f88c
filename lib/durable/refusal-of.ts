import { type Refusal } from './outbox-entry.ts'

/** An error as plain data that can be stored. */
export const refusalOf = (error: unknown): Refusal => {
  const { _tag, message, response } = Object(error) as Partial<
    Record<'_tag' | 'message' | 'response', unknown>
  >
  return {
    tag: typeof _tag === 'string' ? _tag : 'Error',
    message: typeof message === 'string' ? message : String(error),
    ...(response !== undefined && { response }),
  }
}
