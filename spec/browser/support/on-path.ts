import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The first of these programs that is there, in the order of the folders of the PATH. */
export const onPath = (...names: readonly string[]): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
