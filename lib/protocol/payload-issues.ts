/** One reason why a decoder turned a payload down. */
export interface PayloadIssue {
  /** The keys that lead to it, each at most 200 characters; empty if it is the payload as a whole, or if the decoder does not report it. */
  readonly path: readonly string[]
  /** At most 200 characters, on one line; `[redacted]` below a key that looks like a credential. */
  readonly message: string
}

/** The errors of decoders that are understood: an issue of a Standard Schema, a `ValidationError` of io-ts, an Error. */
interface Found {
  readonly _tag?: unknown
  readonly message?: unknown
  readonly path?: readonly unknown[]
  readonly context?: readonly Step[]
}

/** Of io-ts. */
interface Step {
  readonly key: string
  readonly type: { readonly _tag?: string; readonly name: string }
}

/** A payload may have thousands of mistakes; only as many are listed as one reads. */
const MOST = 5

/** What a decoder found, in the form of whichever library it is of, as issues that people and programs can read. */
export const issuesOf = (found: unknown): readonly PayloadIssue[] => {
  try {
    return (Array.isArray(found) ? found.slice(0, MOST) : [found]).flatMap(toIssue)
  } catch {
    return [] // It is a stranger's value, and its getters may throw.
  }
}

/** Hides issues about values of secret keys: some validators show the value that they reject. */
export const hideIssues = (
  issues: readonly PayloadIssue[],
  hide: (json: string) => string,
): readonly PayloadIssue[] =>
  issues.map(({ path, message }) => {
    const keys = path.map((key) => `"${key}":0`).join()
    return { path, message: hide(keys) === keys ? hide(message) : '[redacted]' }
  })

/** `user.age: must be a number; and so on`: for the message of an error. */
export const describeIssues = (issues: readonly PayloadIssue[]): string =>
  issues
    .map(({ path, message }) => path.join('.') + (path.length > 0 ? ': ' : '') + message)
    .join('; ')
    .slice(0, 1000)

const toIssue = (found: unknown): readonly PayloadIssue[] => {
  const { _tag, context = [], message, path } = Object(found) as Found
  const type = context.at(-1)?.type.name
  const said = typeof found === 'string' ? found : (message ?? (type && `expected ${type}`) ?? _tag)
  // Not path.map: that of arktype is a subclass of Array.
  return typeof said === 'string'
    ? [{ path: Array.from(path ?? context.filter(isKey), keyOf), message: short(said) }]
    : []
}

/** A key stands for itself, or is in an object with facts of the library. */
const keyOf = (step: unknown): string => short(String((step as Partial<Step> | null)?.key ?? step))

/** Keys and reasons may be of the server's making. */
const short = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200)

/** The first step of io-ts is the whole, and below a union or an intersection comes the number of a branch. */
const isKey = (_step: Step, i: number, context: readonly Step[]): boolean =>
  i > 0 && !/^(Union|Intersection)/.test(context[i - 1]?.type._tag ?? '')
