import { type Command } from './told.ts'

/** Reads what the page asks for; undefined for anything else. */
export const readCommand = (text: string): Command | undefined => {
  try {
    const {
      do: what,
      topic,
      params,
      event,
      payload,
      reply,
    } = Object(JSON.parse(text)) as Readonly<Record<string, unknown>>
    if (typeof topic !== 'string') return undefined
    if (what === 'leave') return { do: what, topic }
    if (what === 'join' && isObject(params)) return { do: what, topic, params }
    if (what === 'push' && typeof event === 'string' && typeof reply === 'boolean')
      return { do: what, topic, event, payload, reply }
    return undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
