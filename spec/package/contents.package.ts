import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { type Consumer, startConsumer } from './support/consumer.ts'

interface Conditions {
  readonly [condition: string]: string | Conditions
}

/** Every file that the exports lead to; sources are for the project itself. */
const filesOf = (exported: string | Conditions): readonly string[] =>
  typeof exported === 'string'
    ? [exported]
    : Object.entries(exported).flatMap(([condition, below]) =>
        condition === 'rx-phoenix-source' ? [] : filesOf(below),
      )

describe('what is in the packed package', () => {
  let consumer: Consumer
  let folder: string
  let scripts: readonly string[]

  const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8')

  beforeAll(async () => {
    consumer = await startConsumer()
    folder = join(consumer.folder, 'node_modules/rx-phoenix')
    scripts = readdirSync(join(folder, 'dist'))
      .filter((file) => /\.c?js$/.test(file) && file !== 'cli.js')
      .map((file) => join('dist', file))
  })
  afterAll(() => consumer.remove())

  it('is at most 2.6 MB, as two builds of each entry take them', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
    expect(bytes).toBeLessThanOrEqual(2_600_000)
  })

  it('has one file for each entry, platform and build, and no other script', () => {
    const { exports } = JSON.parse(textOf('package.json')) as { readonly exports: Conditions }
    const exported = Object.values(exports)
      .flatMap(filesOf)
      .filter((file) => /\.c?js$/.test(file))
    expect([...new Set(exported)].map((file) => file.slice('./'.length)).sort()).toEqual([...scripts].sort())
    for (const file of scripts) expect(textOf(file)).not.toMatch(/(from|require\(|import) ?["']\.{1,2}\//)
  })

  it('names no package in its modules that is not installed with it', () => {
    const named = scripts
      .flatMap((file) => [
        ...textOf(file).matchAll(
          /^(?:import|export) .*?from ["']([^."'][^"']*)["']|require\(["']([^."'][^"']*)["']\)/gm,
        ),
      ])
      .map(([, imported, required]) => imported ?? required)
    expect([...new Set(named)].filter((name) => !name?.startsWith('node:')).sort()).toEqual([
      '@angular/core',
      '@angular/core/rxjs-interop',
      '@ngrx/signals',
      'rx-phoenix',
      'rx-phoenix/angular',
      'rx-phoenix/live-state',
      'rxjs',
      'rxjs/testing',
      'ws',
    ])
  })

  it('has no comments in its scripts, whose documentation stands in the declarations', () => {
    for (const file of scripts) expect(textOf(file)).not.toMatch(/\/\*\*|^\s*\/\/ /m)
    expect(textOf('dist/live-state.d.ts')).toContain('/**')
  })

  it('has ASCII characters only in its scripts, as others would make Node parse two bytes for each', () => {
    expect(scripts.filter((file) => /[^\0-\x7f]/.test(textOf(file)))).toEqual([])
  })

  it('has no text and no check of development in its files for production', () => {
    for (const file of scripts.filter((name) => /(index|live-state)\S*\.production\./.test(name)))
      expect(textOf(file)).not.toMatch(/pass a (topic|number|whole)|see its log|__DEV__/)
    expect(textOf('dist/index.js')).toMatch(/pass a .*see its log/s)
    for (const file of scripts) expect(textOf(file)).not.toContain('__DEV__')
  })

  it('grows by at most 2 kB for targets without private members, which the inside of the core has', async () => {
    const sizeFor = async (target: string): Promise<number> => {
      const { outputFiles } = await build({
        stdin: { contents: `export { phoenixSocket } from 'rx-phoenix'`, resolveDir: consumer.folder },
        conditions: ['production'],
        bundle: true,
        minify: true,
        format: 'esm',
        target,
        external: ['rxjs'],
        write: false,
      })
      const code = outputFiles[0]?.text ?? ''
      return gzipSync(code, { level: 9 }).length
    }
    expect((await sizeFor('es2020')) - (await sizeFor('es2022'))).toBeLessThanOrEqual(300)
  })

  it.each([
    ['angular', 'injectChannel, providePhoenixSocket', false],
    ['angular', 'channelResource, presenceResource', false],
    ['angular', 'liveStateResource', true],
    ['ngrx', 'actionsOf, withChannel, withPresence', false],
    ['ngrx', 'withLiveState', true],
  ])('has live state in a bundle of rx-phoenix/%s with %s: %s', async (entry, names, expected) => {
    const { metafile } = await build({
      stdin: { contents: `export { ${names} } from 'rx-phoenix/${entry}'`, resolveDir: consumer.folder },
      absWorkingDir: consumer.folder,
      bundle: true,
      format: 'esm',
      external: ['rxjs', '@angular/core', '@ngrx/signals'],
      metafile: true,
      write: false,
    })
    const inputs = Object.values(metafile.outputs)[0]?.inputs ?? {}
    const sizeOf = (file: string): number =>
      inputs[`node_modules/rx-phoenix/dist/${file}`]?.bytesInOutput ?? 0
    expect([sizeOf('live-state.js') > 0, sizeOf(`${entry}.js`) > 0]).toEqual([expected, true])
  })

  it('has no private member that throws behind a Proxy, save inside the core', () => {
    const members = scripts
      .filter((file) => !file.startsWith('dist/server.'))
      // What users hold of the core has none (spec/proxy); its inside still has some.
      .filter((file) => !file.startsWith('dist/index.'))
      .filter((file) => /\.#\w|^\s*#\w/m.test(textOf(file)))
    expect(members).toEqual([])
  })

  it('tells bundlers that it has no side effects', () => {
    expect(JSON.parse(textOf('package.json'))).toMatchObject({ sideEffects: false })
  })
})
