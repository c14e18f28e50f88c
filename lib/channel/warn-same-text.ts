import { DEV } from '../protocol/dev.ts'
import { partsOf } from '../connection/made-from.ts'
import { type ChannelOptions } from './channel-options.ts'

let warned = false

/**
 * In development builds, once: two functions with the same source text count as the same option, so that of the first
 * subscriber is called for both. If the second captures other values, nothing else would show it.
 */
export const warnOfSameText = (topic: string, given: ChannelOptions, inForce: ChannelOptions): void => {
  if (!DEV || warned) return
  for (const option of ['params', 'rejoin'] as const) {
    const [a, b]: unknown[] = [given[option], inForce[option]]
    if (typeof a !== 'function' || a === b || partsOf(a)) continue
    warned = true
    console.warn(
      `rx-phoenix: subscribers of "${topic}" pass different functions with the same source text as "${option}". ` +
        'They share the join, and the function of the first subscriber is called. ' +
        'This is fine unless the functions capture different values; then share one function.',
    )
    return
  }
}
