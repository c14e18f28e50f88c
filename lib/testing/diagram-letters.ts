/** The letters of a marble diagram that stand for values. */
export const lettersIn = (diagram: string): readonly string[] =>
  Array.from(new Set(diagram.replace(TIME, '').replace(/[-\s()^!|#]/g, '')))

/** `30s`, `1.5ms`: with spaces around, as RxJS wants it. */
const TIME = /(?<=^|\s)\d+(?:\.\d+)?(?:ms|s|m)(?=\s|$)/g

/** The values of the letters of a diagram. Throws an Error for a letter that has none, which would stand for itself. */
export const valuesOf = <A>(
  diagram: string,
  values: Readonly<Record<string, A>>,
  what: string,
): Readonly<Record<string, A>> => {
  const without = lettersIn(diagram).filter((letter) => !Object.hasOwn(values, letter))
  if (without.length > 0)
    throw new Error(`The diagram "${diagram}" has "${without.join('", "')}", but no ${what} for it.`)
  return values
}
