/** Reports what a function of the user's did wrong, where it harms nothing else. */
export const warn = (what: string): void => {
  process.emitWarning(`rx-phoenix/server: ${what}`)
}
