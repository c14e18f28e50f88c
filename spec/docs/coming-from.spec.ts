import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { runScript } from '../support/run-script.ts'
import { compile, problemsIn } from './compile.ts'
import { type OurNames, ourNames } from './our-names.ts'
import { codeSpans, namesIn, type Page, readPage } from './page.ts'
import { citationsIn, isOffered, missingTests, withoutProof } from './proofs.ts'
import { strangersIn } from './strangers.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'docs/coming-from')
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, { 'rx-phoenix-source'?: string }>
}
const entries = Object.values(packageJson.exports).flatMap((entry) =>
  entry['rx-phoenix-source'] === undefined ? [] : [join(root, entry['rx-phoenix-source'])],
)

const names = readdirSync(folder).filter((file) => file !== 'README.md')
const pages = new Map<string, Page>(
  names.map((file) => [file, readPage(readFileSync(join(folder, file), 'utf8'))]),
)
const pageOf = (file: string): Page => pages.get(file) ?? readPage('')
const programs = names.flatMap((page) =>
  pageOf(page)
    .blocks.filter(({ language }) => language === 'ts')
    .map(({ code, prints }, i) => ({ page, number: i + 1, code, prints })),
)

describe('docs/coming-from', () => {
  let app: ContractApp
  let saved: string
  let ours: OurNames
  let problems: ReadonlyMap<string, readonly string[]>

  const fileOf = (page: string, number: number): string => join(saved, `${page}-${number}.ts`)

  beforeAll(async () => {
    app = await startContractApp()
    saved = mkdtempSync(join(root, 'spec/docs/.programs-'))
    for (const { page, number, code } of programs) writeFileSync(fileOf(page, number), code)
    const files = programs.map(({ page, number }) => fileOf(page, number))
    const program = compile([...entries, ...files])
    ours = ourNames(program, entries)
    problems = new Map(files.map((file) => [file, problemsIn(program, file)]))
  }, 120_000)
  afterAll(async () => {
    rmSync(saved, { recursive: true })
    await app.close()
  })

  it('has an index of every page, and of nothing else', () => {
    const index = readFileSync(join(folder, 'README.md'), 'utf8')
    const links = [...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file]) => file)
    expect([...links].sort()).toEqual([...names].sort())
  })

  it.each(names)('%s has the parts that every page has, in their order', (page) => {
    const { headings, heads, rows, blocks } = pageOf(page)
    expect(headings[0]).toBe('The same program')
    expect(headings[1]).toBe('What is different in spirit')
    expect(headings.slice(-2)).toEqual(['What you lose', 'What you gain'])
    expect(heads.filter(({ complete }) => !complete)).toEqual([])
    expect(rows.length).toBeGreaterThan(20)
    expect(blocks.filter(({ language, prints }) => language === 'ts' && prints !== undefined)).not.toEqual([])
  })

  it.each(names)('%s has no empty cell, and as many in each row', (page) => {
    const { rows } = pageOf(page)
    const odd = rows.filter(({ cells }) => cells.length !== 4 || cells.includes(''))
    expect(odd.map(({ theirs }) => theirs)).toEqual([])
  })

  it.each(names)('%s has a test for what is offered, and a reason for what is not', (page) => {
    expect(withoutProof(pageOf(page).rows)).toEqual([])
  })

  it.each(names)('%s names tests that exist', (page) => {
    expect(missingTests(pageOf(page).rows.flatMap(({ proof }) => citationsIn(proof)))).toEqual([])
  })

  it.each(names)('%s uses only names of ours that exist', (page) => {
    const offered = pageOf(page).rows.filter(isOffered)
    expect(offered.flatMap((row) => strangersIn(row.ours, ours, packageJson.exports))).toEqual([])
  })

  it.each(names)('%s does not list as missing what is offered', (page) => {
    const later = pageOf(page).rows.filter(({ ours: ourCell }) => ourCell.startsWith('not offered yet'))
    const there = later.flatMap(({ ours: ourCell }) =>
      codeSpans(ourCell)
        .flatMap(namesIn)
        .filter((name) => ours.exported.has(name)),
    )
    expect(there).toEqual([])
  })

  it.each(programs)('$page: block $number of TypeScript compiles', ({ page, number }) => {
    expect(problems.get(fileOf(page, number))).toEqual([])
  })

  it.each(programs.filter(({ prints }) => prints !== undefined))(
    '$page: block $number prints what the page shows, and ends by itself',
    async ({ page, number, code, prints = '' }) => {
      const file = join(saved, `${page}-${number}-run.ts`)
      writeFileSync(file, forNode(code.replaceAll('ws://localhost:4000', app.url)))
      const { code: exitCode, stdout, stderr } = await runScript(file).ended
      expect({ exitCode, printed: stdout + stderr }).toEqual({ exitCode: 0, printed: prints })
    },
    30_000,
  )
})

/** phoenix.js needs a WebSocket, which Node has had since version 22. */
const forNode = (code: string): string =>
  code.includes("from 'phoenix'")
    ? `import { WebSocket as WebSocketOfNode } from 'ws'\nObject.assign(globalThis, { WebSocket: WebSocketOfNode })\n${code}`
    : code
