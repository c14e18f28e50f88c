import { type Message } from '../protocol/message.ts'

const SHOWN_CHARACTERS = 120

/** A value as it stands in the report of a test that failed; a message as `room:lobby new_msg {"body":"hi"}`. */
export const showValue = (value: unknown): string => {
  const shown = isMessage(value) ? `${value.topic} ${value.event} ${json(value.payload)}` : json(value)
  return shown.length > SHOWN_CHARACTERS ? `${shown.slice(0, SHOWN_CHARACTERS)}…` : shown
}

const json = (value: unknown): string => {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (value instanceof ArrayBuffer) return `<${value.byteLength} bytes>`
  // A matcher of a test framework describes itself.
  if (typeof value === 'object' && value !== null && 'asymmetricMatch' in value)
    return (value as { toString(): string }).toString()
  try {
    const isJson = !['undefined', 'function', 'symbol', 'bigint'].includes(typeof value)
    return isJson ? JSON.stringify(value) : String(value)
  } catch {
    return 'a value that cannot be shown'
  }
}

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && 'topic' in value && 'event' in value && 'payload' in value
