import { type JoinFlags } from './connection-flags.ts'

/** A shorter text may appear in a frame by chance: as a ref, or as a part of a word. */
const UNMISTAKABLE = 8

/**
 * Hides in a text of JSON what was taken from the environment: under its own key, and a long one wherever it appears, as
 * where a server sends it back. What only looks like a credential has been hidden before, by its key.
 */
export const hidingSecrets = (
  { tokenEnv, paramEnv = {}, joinParamEnv = {}, headerEnv = {} }: JoinFlags,
  env: Readonly<Record<string, string | undefined>>,
): ((json: string) => string) => {
  const pairs = [...Object.entries(paramEnv), ...Object.entries(joinParamEnv)].map(([key, name]) => {
    const [before, value] = [`${JSON.stringify(key)}:`, JSON.stringify(env[name] ?? '')]
    return [`${before}${value}`, `${before}"[redacted]"`] as const
  })
  const names = [tokenEnv, ...[paramEnv, joinParamEnv, headerEnv].flatMap((each) => Object.values(each))]
  const texts = names
    .map((name) => JSON.stringify((name === undefined ? undefined : env[name]) ?? '').slice(1, -1))
    .filter(({ length }) => length >= UNMISTAKABLE)
    .map((text) => [text, '[redacted]'] as const)
  return (json) => [...pairs, ...texts].reduce((text, [from, to]) => text.replaceAll(from, () => to), json)
}
