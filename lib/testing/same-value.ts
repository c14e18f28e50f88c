type Fields = Readonly<Record<string, unknown>>

/**
 * Whether a value is what was expected, as test frameworks compare: deeply, an undefined property being as good as none,
 * errors by name and message too. An expected value that has `asymmetricMatch`, such as `expect.objectContaining(…)` of Jest,
 * Vitest and Jasmine, decides for itself.
 */
export const sameValue = (actual: unknown, expected: unknown): boolean => {
  if (isMatcher(expected)) return expected.asymmetricMatch(actual)
  if (Object.is(actual, expected)) return true
  if (!isObject(actual) || !isObject(expected)) return false
  // By tag and not by class, since Jest has another Error and another ArrayBuffer than Node.
  const tag = tagOf(expected)
  if (tagOf(actual) !== tag) return false
  if (tag === '[object Date]') return (expected as Date).getTime() === (actual as Date).getTime()
  if (tag === '[object ArrayBuffer]')
    return sameList(new Uint8Array(actual as ArrayBuffer), new Uint8Array(expected as ArrayBuffer))
  if (tag === '[object Map]' || tag === '[object Set]')
    return sameList([...(actual as Iterable<unknown>)], [...(expected as Iterable<unknown>)])
  if (Array.isArray(expected) || ArrayBuffer.isView(expected))
    return sameList(actual as ArrayLike<unknown>, expected as ArrayLike<unknown>)
  if (tag === '[object Error]' && errorText(actual) !== errorText(expected)) return false
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)])
  return [...keys].every((key) => sameValue((actual as Fields)[key], (expected as Fields)[key]))
}

interface Matcher {
  asymmetricMatch(actual: unknown): boolean
}

const tagOf = (value: object): string => Object.prototype.toString.call(value)

const errorText = (error: object): string => `${(error as Error).name}: ${(error as Error).message}`

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isMatcher = (value: unknown): value is Matcher =>
  isObject(value) && typeof (value as Partial<Matcher>).asymmetricMatch === 'function'

const sameList = (actual: ArrayLike<unknown>, expected: ArrayLike<unknown>): boolean =>
  actual.length === expected.length && Array.from(expected).every((each, i) => sameValue(actual[i], each))
