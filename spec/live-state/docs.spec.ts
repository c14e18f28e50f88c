import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '../..')

describe.each([
  'browsers',
  'angular',
  'presence',
  'live-state',
  'policies',
  'scripts',
  'seeing-inside',
  'transports',
])('docs/%s.md', (name) => {
  it('has code that compiles', () => {
    const page = readFileSync(join(root, `docs/${name}.md`), 'utf8')
    const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)
    const folder = mkdtempSync(join(root, 'spec/live-state/.docs-'))
    try {
      const files = blocks.map((code, i) => {
        const file = join(folder, `block-${i}.ts`)
        writeFileSync(file, code)
        return file
      })
      expect(files.length).toBeGreaterThan(2)
      const read = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path))
      const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, root)
      const program = ts.createProgram(files, {
        ...options,
        isolatedDeclarations: false,
        declaration: false,
        declarationMap: false,
        types: ['node'],
        experimentalDecorators: true, // those of Angular
      })
      const problems = files.flatMap((file) => {
        const source = program.getSourceFile(file)
        return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      })
      expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual(
        [],
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
