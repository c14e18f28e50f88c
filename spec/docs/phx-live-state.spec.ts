import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import ts from 'typescript'
import { codeSpans, namesIn, readPage } from './page.ts'

const folder = join(dirname(createRequire(import.meta.url).resolve('phx-live-state')), '../..')
const page = readFileSync(join(import.meta.dirname, '../../docs/coming-from/phx-live-state.md'), 'utf8')
const spans = readPage(page).rows.flatMap(({ theirs }) => codeSpans(theirs))
const named = new Set([...spans, ...spans.flatMap(namesIn)])
const missing = (names: readonly string[]): readonly string[] => names.filter((name) => !named.has(name))

const sources = readdirSync(join(folder, 'src')).map((file) =>
  ts.createSourceFile(file, readFileSync(join(folder, 'src', file), 'utf8'), ts.ScriptTarget.Latest, true),
)

/** What `take` makes of the nodes of all files. */
const collect = (take: (node: ts.Node) => string | undefined): readonly string[] => {
  const found: Set<string> = new Set()
  const visit = (node: ts.Node): void => {
    const name = take(node)
    if (name !== undefined) found.add(name)
    node.forEachChild(visit)
  }
  sources.forEach(visit)
  return [...found]
}

describe('docs/coming-from/phx-live-state.md names everything in the installed phx-live-state:', () => {
  it('the version that it names', () => {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    expect(page).toContain(version)
  })

  it('the exports', () => {
    const names = collect((node) => (ts.isExportSpecifier(node) ? node.name.text : undefined))
    expect(names.length).toBeGreaterThan(10)
    expect(missing(names)).toEqual([])
  })

  it('the fields and methods of LiveState', () => {
    const names = collect((node) =>
      (ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node)) && ts.isIdentifier(node.name)
        ? node.name.text
        : undefined,
    )
    expect(names).toContain('pushEvent')
    expect(missing(names)).toEqual([])
  })

  it('the options of the configuration, of elements and of decorators', () => {
    const names = collect((node) => {
      if (!ts.isPropertySignature(node)) return undefined
      let owner: ts.Node = node
      while (!ts.isTypeAliasDeclaration(owner)) owner = owner.parent
      return /Config|Options/.test(owner.name.text) ? node.name.getText() : undefined
    })
    expect(names).toContain('provide')
    expect(missing(names)).toEqual([])
  })

  it('the events that it dispatches or documents, and the errors that it emits', () => {
    const words = sources.flatMap((source) => source.text.match(/livestate-\w+|state:\w+|lvs_refresh/g) ?? [])
    const errors = sources.flatMap((source) =>
      [...source.text.matchAll(/emitError\('([^']+)'/g)].map(([, text = '']) => text),
    )
    expect(new Set(words).size).toBe(7)
    expect(errors).toHaveLength(3)
    expect(missing([...words, ...errors])).toEqual([])
  })
})
