/** Resolves as soon as a condition holds; rejects after five seconds, so that a failing spec ends. */
export const until = async (condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`this did not come true: ${condition.toString()}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
