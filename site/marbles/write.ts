import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diagrams } from './diagrams.ts'
import { drawMarbles } from './draw-marbles.ts'
import { linesOf } from './lines-of.ts'

// npm run docs:marbles: draws the marble tests that are named in diagrams.ts into docs/images/marbles.
const root = join(import.meta.dirname, '../..')
const folder = join(root, 'docs/images/marbles')
mkdirSync(folder, { recursive: true })
for (const file of readdirSync(folder)) rmSync(join(folder, file))
for (const diagram of diagrams)
  writeFileSync(join(folder, `${diagram.name}.svg`), drawMarbles(diagram.alt, linesOf(diagram, root)))
