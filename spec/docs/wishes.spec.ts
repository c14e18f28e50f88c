import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './compile.ts'
import { ourNames } from './our-names.ts'
import { readPage } from './page.ts'
import { citationsIn, isOffered, missingTests, withoutProof } from './proofs.ts'
import { strangersIn } from './strangers.ts'

const root = join(import.meta.dirname, '../..')
const { rows, heads } = readPage(readFileSync(join(root, 'docs/wishes.md'), 'utf8'))
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, { 'rx-phoenix-source'?: string }>
}

describe('docs/wishes.md', () => {
  it('has tables that end with ours and its tests, without an empty cell', () => {
    expect(rows.length).toBeGreaterThan(50)
    expect(heads.filter(({ complete }) => !complete)).toEqual([])
    expect(rows.filter(({ cells }) => cells.length !== 4 || cells.includes(''))).toEqual([])
  })

  it('has a test for what is offered, and a reason for what is not', () => {
    expect(withoutProof(rows)).toEqual([])
  })

  it('names tests that exist', () => {
    expect(missingTests(rows.flatMap(({ proof }) => citationsIn(proof)))).toEqual([])
  })

  it('uses only names of ours that exist', () => {
    const entries = Object.values(exports).flatMap((entry) =>
      entry['rx-phoenix-source'] === undefined ? [] : [join(root, entry['rx-phoenix-source'])],
    )
    const ours = ourNames(compile(entries), entries)
    expect(rows.filter(isOffered).flatMap((row) => strangersIn(row.ours, ours, exports))).toEqual([])
  }, 60_000)
})
