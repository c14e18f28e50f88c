/** Values that a server makes up: what stands in the recording, and what stands for it in this run. */
export type Bindings = Map<string, string>

const GENERATED = new Set(['phx_ref', 'phx_ref_prev', 'token'])

/**
 * Whether two JSON values say the same: the order of keys has no meaning, and a generated value may be any string, as
 * long as it is the same wherever the recording has the same.
 */
export const sameJson = (expected: unknown, found: unknown, bindings: Bindings): boolean => {
  const added: string[] = []
  const same = (a: unknown, b: unknown, key?: string): boolean => {
    if (typeof a === 'string' && typeof b === 'string' && key !== undefined && GENERATED.has(key)) {
      if (!bindings.has(a)) {
        bindings.set(a, b)
        added.push(a)
      }
      return bindings.get(a) === b
    }
    if (Array.isArray(a) && Array.isArray(b))
      return a.length === b.length && a.every((item, i) => same(item, b[i]))
    if (isMap(a) && isMap(b)) {
      const keys = Object.keys(a)
      return (
        keys.length === Object.keys(b).length &&
        keys.every((name) => Object.hasOwn(b, name) && same(a[name], b[name], name))
      )
    }
    return a === b || (typeof a === 'string' && typeof b === 'string' && withoutPid(a) === withoutPid(b))
  }
  const result = same(expected, found)
  // What was assumed on the way to "no" must not stay.
  if (!result) for (const recorded of added) bindings.delete(recorded)
  return result
}

/** The process that a text of Elixir names is another in each run. */
const withoutPid = (text: string): string => text.replace(/#PID<[\d.]+>/g, '#PID')

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
