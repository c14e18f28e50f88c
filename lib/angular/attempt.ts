/** What a function returns, or as a value what it throws. */
export const attempt = <A>(run: () => A): A | Error => {
  try {
    return run()
  } catch (error) {
    return toError(error)
  }
}

/** Whatever was thrown, as an Error. */
export const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
