/*
 * The embedded server warns of mistakes in the functions that it is given, and tests make them on purpose. Other warnings are
 * printed: the output of a run that passes shall be nothing but its tests.
 */
const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void

process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
  if (String(warning).startsWith('rx-phoenix/server: ')) return
  emitWarning(warning, ...rest)
}
