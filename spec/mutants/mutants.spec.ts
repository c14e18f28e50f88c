import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { occurrences, ROOT } from './copy.ts'
import { mutants } from './mutants.ts'

describe('the list of known bugs', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    'has a place for one that %s',
    (_name, mutant) => {
      const path = join(ROOT, mutant.file)
      expect(existsSync(path)).toBe(true)
      expect(occurrences(readFileSync(path, 'utf8'), mutant.find)).toBe(1)
      expect(mutant.replace).not.toBe(mutant.find)
    },
  )

  it('names each bug once', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  })
})
