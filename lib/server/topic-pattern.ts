import { InvalidArgument } from '../protocol/invalid-argument.ts'

/**
 * Finds what is mounted for a topic. A pattern is a whole topic (`plain`) or a prefix and a star at its end
 * (`room:*`), as in `Phoenix.Socket.channel/3`; the first that matches, in the order given, wins.
 */
export const topicMatcher = <A>(mounted: Readonly<Record<string, A>>): ((topic: string) => A | undefined) => {
  const exact: Map<string, { readonly value: A; readonly rank: number }> = new Map()
  const prefixes: { readonly prefix: string; readonly value: A; readonly rank: number }[] = []
  Object.entries(mounted).forEach(([pattern, value], rank) => {
    checkPattern(pattern)
    if (pattern.endsWith('*')) prefixes.push({ prefix: pattern.slice(0, -1), value, rank })
    else exact.set(pattern, { value, rank })
  })
  return (topic) => {
    const whole = exact.get(topic)
    const prefix = prefixes.find((candidate) => topic.startsWith(candidate.prefix))
    if (whole === undefined) return prefix?.value
    return prefix !== undefined && prefix.rank < whole.rank ? prefix.value : whole.value
  }
}

const checkPattern = (pattern: string): void => {
  if (pattern === '')
    throw new InvalidArgument('channels', pattern, 'a topic pattern must not be empty; use "room:*".')
  if (pattern.slice(0, -1).includes('*'))
    throw new InvalidArgument('channels', pattern, 'a star may stand only at the end of a topic pattern.')
}
