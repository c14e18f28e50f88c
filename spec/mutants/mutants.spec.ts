import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testTitles } from '../docs/test-titles.ts'
import { citedTests } from './cited-tests.ts'
import { occurrences, ROOT } from './copy.ts'
import { mutants } from './mutants.ts'
import { rowMutants } from './rows.ts'

const all = [...mutants, ...rowMutants]

describe('the list of known bugs', () => {
  it.each(all.map((mutant) => [mutant.name, mutant] as const))(
    'has a place for one that %s',
    (_name, mutant) => {
      const path = join(ROOT, mutant.file)
      expect(existsSync(path)).toBe(true)
      expect(occurrences(readFileSync(path, 'utf8'), mutant.find)).toBe(1)
      expect(mutant.replace).not.toBe(mutant.find)
    },
  )

  it('names each bug once', () => {
    for (const list of [mutants, rowMutants])
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length)
  })

  it('names tests that exist, and that a row cites', () => {
    const cited = citedTests()
    const proofs = [...new Set(rowMutants.flatMap(({ proves }) => proves))]
    const titles = new Map(
      proofs.map((proof) => fileOf(proof)).map((file) => [file, testTitles(join(ROOT, file))]),
    )
    expect(proofs.length).toBeGreaterThan(150)
    expect(proofs.filter((proof) => !cited.has(proof))).toEqual([])
    expect(
      proofs.filter((proof) => !titles.get(fileOf(proof))?.has(proof.slice(fileOf(proof).length + 3))),
    ).toEqual([])
  })
})

const fileOf = (proof: string): string => proof.split(' › ')[0] ?? ''
