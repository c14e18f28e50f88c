import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordingOf } from './recording-of.ts'
import { ROOT } from '../support/run-script.ts'

const folder = join(ROOT, 'examples')
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const read = (name: string): string => readFileSync(join(folder, name, 'README.md'), 'utf8')
/** Their pages are written with the applications that they are about. */
const apart = new Set(['angular-ngrx', 'earthquakes', 'nats-bridge'])

describe('examples/README.md', () => {
  it('has a question for each example', () => {
    const rows = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| (.+)\? \| \[([\w-]+)\]/gm)]
    expect(rows.map(([, , name]) => name).sort()).toEqual([...names].sort())
  })
})

describe('the README of an example', () => {
  it.each(names.filter((name) => !apart.has(name)))(
    '%s shows how to run it, what a run prints, and how to begin from it',
    (name) => {
      const readme = read(name)
      expect(readme).toMatch(/^```sh\n/m)
      expect(recordingOf(name)).not.toBe('')
      expect(readme).toContain('\n## Begin your own from it\n')
      const files = [...readme.matchAll(/`([\w-]+(?:\.\w+)+)`/g)]
        .map(([, file = '']) => file)
        .filter((file) => /\.(ts|ndjson)$/.test(file) && file !== 'session.ndjson')
      expect(files).not.toEqual([])
      expect(files.filter((file) => !existsSync(join(folder, name, file)))).toEqual([])
    },
  )
})
