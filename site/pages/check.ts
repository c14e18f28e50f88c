import { join } from 'node:path'
import { deadLinks } from './dead-links.ts'

// Ends the build of the site with an error if a link in it leads nowhere.
const dead = deadLinks(join(import.meta.dirname, '../../temp/site'), process.env['DOCS_BASE'] ?? '/')
for (const link of dead) process.stderr.write(`${link}\n`)
if (dead.length > 0) {
  process.stderr.write(`${dead.length} links lead nowhere\n`)
  process.exitCode = 1
}
