import { join } from 'node:path'
import { type Diagram, type Lane } from './diagram.ts'
import { stringsOfTest } from './strings-of-test.ts'

/** A lane with its marble string, as it is in the test. */
export interface Line extends Lane {
  readonly marbles: string
}

/** Looks up the marble strings of a diagram in its test. Throws if the test or one of the strings is gone. */
export const linesOf = (
  { name, file, title, lanes }: Diagram,
  root: string,
  text?: string,
): readonly Line[] => {
  const path = join(root, 'marble-tests', `${file}.marbles.ts`)
  const { named, all } = stringsOfTest(path, title, text)
  return lanes.map((lane) => {
    const marbles = named.get(lane.of) ?? (all.has(lane.of) ? lane.of : undefined)
    if (marbles === undefined)
      throw new Error(
        `diagram ${name}: the test "${title}" in ${path} has neither a constant nor a string "${lane.of}"`,
      )
    return { ...lane, marbles }
  })
}
