import { readdirSync, readFileSync } from 'node:fs'
import { testTitles } from '../docs/test-titles.ts'

const page = readFileSync('docs/security.md', 'utf8')

/** `file` › title, as the last cell of a row holds it. */
const proofs = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes(' › '))
  .map((line) => {
    const [, file = '', title = ''] = /`([^`]+)` › (.+) \|$/.exec(line) ?? []
    return { file, title }
  })

describe('the page on security', () => {
  it('names tests that exist', () => {
    expect(proofs.length).toBeGreaterThan(25)
    expect(proofs.filter(({ file, title }) => !testTitles(file).has(title))).toEqual([])
  })

  it('has a proof in each row, or none where the platform is to be trusted', () => {
    const rows = page.split('\n').filter((line) => /^\| [^-t]/.test(line))
    expect(rows.filter((row) => !row.includes(' › '))).toEqual([expect.stringContaining('wss:')])
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
