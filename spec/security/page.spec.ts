import { readdirSync, readFileSync } from 'node:fs'
import { citationsIn, missingTests } from '../docs/proofs.ts'

const page = readFileSync('docs/security.md', 'utf8')

describe('the page on security', () => {
  it('names tests that exist', () => {
    const citations = citationsIn(page)
    expect(citations.length).toBeGreaterThan(25)
    expect(missingTests(citations)).toEqual([])
  })

  it('cites a test in each row, except where the platform is to be trusted', () => {
    const rows = page.split('\n').filter((line) => /^\| [^-t]/.test(line))
    expect(rows.filter((row) => citationsIn(row).length === 0)).toEqual([expect.stringContaining('wss:')])
  })
})

it('no file of the library makes code of text', () => {
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter((file) => /\beval\(|new Function\(/.test(readFileSync(`lib/${file}`, 'utf8')))).toEqual(
    [],
  )
})
