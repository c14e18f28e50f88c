import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** How long a process of Node takes from its start to its end, in ms. Rejects if it fails. */
export const took = async (args: readonly string[]): Promise<number> => {
  const startedAt = performance.now()
  await run(process.execPath, [...args], { timeout: 60_000 })
  return performance.now() - startedAt
}
