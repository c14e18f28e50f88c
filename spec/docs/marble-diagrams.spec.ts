import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagram, events } from '../../site/marbles/diagram.ts'
import { diagrams } from '../../site/marbles/diagrams.ts'
import { drawMarbles } from '../../site/marbles/draw-marbles.ts'
import { linesOf } from '../../site/marbles/lines-of.ts'
import { citationsIn, missingTests } from './proofs.ts'

const root = join(import.meta.dirname, '../..')
const docs = join(root, 'docs')
const pages = readdirSync(docs).filter((file) => file.endsWith('.md'))
const images = pages.flatMap((page) =>
  [
    ...readFileSync(join(docs, page), 'utf8').matchAll(/!\[([^\]]*)\]\(images\/marbles\/([\w-]+)\.svg\)/g),
  ].map(([, alt = '', name = '']) => ({ page, alt, name })),
)

describe('the marble diagrams of the guides', () => {
  it.each(diagrams.map((diagram) => [diagram.name, diagram] as const))(
    '%s is drawn from its test, as the test is today (else: npm run docs:marbles)',
    (name, diagram) => {
      const file = join(docs, 'images/marbles', `${name}.svg`)
      expect(readFileSync(file, 'utf8')).toBe(drawMarbles(diagram.alt, linesOf(diagram, root)))
    },
  )

  it('are all shown, each with the text for people who cannot see it', () => {
    const alts = new Map(diagrams.map(({ name, alt }) => [name, alt]))
    expect(new Set(images.map(({ name }) => name))).toEqual(new Set(alts.keys()))
    expect(images.filter(({ name, alt }) => alts.get(name) !== alt)).toEqual([])
    expect(readdirSync(join(docs, 'images/marbles')).sort()).toEqual(
      [...alts.keys()].map((name) => `${name}.svg`).sort(),
    )
  })

  it.each(['states.md', 'policies.md', 'errors.md', 'presence.md', 'browsers.md'])('are in %s', (page) => {
    expect(images.filter((image) => image.page === page)).not.toEqual([])
  })
})

describe('docs/rules.md', () => {
  const sections = readFileSync(join(docs, 'rules.md'), 'utf8').split(/^## /m).slice(1)

  it('has the rules S1 to S18, in their order', () => {
    const numbers = sections.map((section) => section.split(':')[0])
    expect(numbers).toEqual(Array.from({ length: 18 }, (_, i) => `S${i + 1}`))
  })

  it.each(sections.map((section) => [section.split('\n')[0] ?? '', section] as const))(
    '%s has a diagram from a test, and names the tests that specify it',
    (_title, section) => {
      const tests = [...section.matchAll(/\[`([\w/-]+)`\]\(\.\.\/(marble-tests\/[\w/.-]+)\)/g)]
      expect(section).toMatch(/\(images\/marbles\/[\w-]+\.svg\)/)
      expect(tests).not.toEqual([])
      expect(tests.filter(([, name, path = '']) => path !== `marble-tests/${name}.marbles.ts`)).toEqual([])
      expect(tests.filter(([, , path = '']) => !existsSync(join(root, path)))).toEqual([])
    },
  )

  it.each(sections.map((section, i) => [`S${i + 1}`, section] as const))(
    '%s names one test that is to be read first, by its title: that of its diagram',
    (rule, section) => {
      const drawn = diagrams.find(({ name }) => name.startsWith(`${rule.toLowerCase()}-`))
      const cited = citationsIn(section)
      expect(cited).toEqual([{ file: `marble-tests/${drawn?.file}.marbles.ts`, title: drawn?.title }])
      expect(missingTests(cited)).toEqual([])
    },
  )
})

describe('a diagram', () => {
  const test =
    "it('joins', () => {\n const sent = '  -J-L'\n const link = cold('o--#', {})\n expect(a).toBe('(ab|)')\n})"
  const diagram = (of: string, title = 'joins'): Diagram => ({
    name: 'd',
    alt: 'A join & a leave.',
    file: 'channel/share',
    title,
    lanes: [events('client sends', of, { J: 'join', a: '<a>' })],
  })
  const marbles = (of: string, title?: string): string | undefined =>
    linesOf(diagram(of, title), root, test)[0]?.marbles

  it.each([
    ['sent', '-J-L'],
    ['link', 'o--#'],
    ['(ab|)', '(ab|)'],
  ])('finds the string %s', (of, found) => {
    expect(marbles(of)).toBe(found)
  })

  it('fails if its test or its string is gone', () => {
    expect(() => marbles('sent', 'leaves')).toThrow('has no test "leaves"')
    expect(() => marbles('-J--L')).toThrow('has neither a constant nor a string "-J--L"')
  })

  it('shows each moment at its time, the end of a stream, and what the letters stand for', () => {
    const svg = drawMarbles('A join & a leave.', [
      { ...events('sent', '', { J: 'join', a: '<a>' }), marbles: '-J--(ab|)' },
      { label: 'held', of: '', as: 'held', marbles: '-^---------!' },
      { label: 'state', of: '', as: 'states', letters: { o: 'open', w: 'waiting' }, marbles: '-w---(wo)' },
    ])
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)
    expect(texts).toEqual([
      'sent',
      'J',
      'ab',
      'held',
      'state',
      'waiting',
      'waiting, open',
      'sent: J join, a &lt;a&gt;',
      '| complete',
    ])
    expect(svg).toContain('aria-label="A join &amp; a leave."')
  })
})
