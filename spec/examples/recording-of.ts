import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'

/** What the README of an example says that a run prints. */
export const recordingOf = (name: string): string => {
  const readme = readFileSync(join(ROOT, 'examples', name, 'README.md'), 'utf8')
  return /^```text\n([^]+?)^```$/m.exec(readme)?.[1] ?? ''
}
