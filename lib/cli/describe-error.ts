import { explain } from './explain.ts'
import { withBytes } from './print-line.ts'

/** An error for people, with the response of the server if that has more than a reason. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { response } = error as { readonly response?: unknown }
  const said = response === undefined ? '' : `\n${JSON.stringify(withBytes(response))}`
  return `${error.name}: ${explain(error)}${said}`
}
