import { type TracedFrame } from './lane.ts'

/** The payload of a traced frame: parsed JSON, or the text itself where it is no JSON, such as `<20 bytes>`. */
export const payloadOf = ({ frame }: Pick<TracedFrame, 'frame'>): unknown => {
  try {
    const value: unknown = JSON.parse(frame)
    // Version 2.0.0 has arrays of five, version 1.0.0 objects.
    return (Array.isArray(value) ? value[4] : (value as { readonly payload?: unknown }).payload) ?? null
  } catch {
    return frame
  }
}
