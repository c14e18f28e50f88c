import { explain } from './explain.ts'
import { withBytes } from './print-line.ts'

/** What went wrong, for people; with what the server said to it, if it said more than a reason. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { response } = error as { readonly response?: unknown }
  const said = response === undefined ? '' : `\n${JSON.stringify(withBytes(response))}`
  return `${error.name}: ${explain(error)}${said}`
}
