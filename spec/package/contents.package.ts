import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Consumer, startConsumer } from './support/consumer.ts'

interface SourceMap {
  readonly sources: readonly string[]
  readonly sourcesContent?: readonly (string | null)[]
}

describe('what is in the packed package', () => {
  let consumer: Consumer
  let folder: string
  let files: readonly string[]

  const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8')
  const mapOf = (file: string): SourceMap => JSON.parse(textOf(`${file}.map`)) as SourceMap

  beforeAll(async () => {
    consumer = await startConsumer()
    folder = join(consumer.folder, 'node_modules/rx-phoenix')
    files = readdirSync(join(folder, 'dist'))
      .filter((file) => /\.c?[jt]s$/.test(file) && file !== 'cli.js')
      .map((file) => join('dist', file))
  })
  afterAll(() => consumer.remove())

  it('has a map for every module and for every declaration', () => {
    expect(files.length).toBeGreaterThan(20)
    const without = files.filter(
      (file) =>
        !existsSync(join(folder, `${file}.map`)) || !/^\/\/# sourceMappingURL=\S+\.map$/m.test(textOf(file)),
    )
    expect(without).toEqual([])
  })

  it('has the sources that declarations lead to', () => {
    const declarations = files.filter((file) => /\.d\.c?ts$/.test(file))
    const sources = declarations.flatMap((file) =>
      mapOf(file).sources.map((source) => join(dirname(file), source)),
    )
    expect(sources.length).toBeGreaterThan(50)
    expect(sources.filter((source) => !existsSync(join(folder, source)))).toEqual([])
  })

  it('has the text of what modules are made of, in the map if it is of another package', () => {
    const missing = files
      .filter((file) => !/\.d\.c?ts$/.test(file))
      .flatMap((file) => {
        const { sources, sourcesContent } = mapOf(file)
        return sources.filter(
          (source, i) =>
            typeof sourcesContent?.[i] !== 'string' ||
            (!source.includes('node_modules') && !existsSync(join(folder, dirname(file), source))),
        )
      })
    expect(missing).toEqual([])
  })

  it('names no package in its modules that is not installed with it', () => {
    const named = files
      .filter((file) => !/\.d\.c?ts$/.test(file))
      .flatMap((file) => [
        ...textOf(file).matchAll(
          /^(?:import|export) .*?from ["']([^."'][^"']*)["']|require\(["']([^."'][^"']*)["']\)/gm,
        ),
      ])
      .map(([, imported, required]) => imported ?? required)
    expect([...new Set(named)].filter((name) => !name?.startsWith('node:')).sort()).toEqual([
      '#platform',
      '@angular/core',
      'rxjs',
      'rxjs/testing',
      'ws',
    ])
  })

  it('tells bundlers that it has no side effects', () => {
    expect(JSON.parse(textOf('package.json'))).toMatchObject({ sideEffects: false })
  })
})
