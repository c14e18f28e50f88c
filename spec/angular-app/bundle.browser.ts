import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const example = join(import.meta.dirname, '../../examples/angular-ngrx')
const ours = /^import (?!type )\{([^}]*)\} from '(rx-phoenix[^']*)'/gm

/** The values that the application imports from this package. */
const imported = readdirSync(join(example, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .flatMap((file) => [...readFileSync(join(example, 'src', file), 'utf8').matchAll(ours)])
  .flatMap(([, names = '', from = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '))
      .map((name) => `export { ${name} } from '${from}'`),
  )

/** What it is today. The goal is 15, and the core alone has 17. */
const MOST_KB = 27

describe('the bundle of the application of Angular and NgRx', () => {
  it('grows by at most 27 kB for a client with presence, live state, signals and stores', async () => {
    const { outputFiles } = await build({
      stdin: { contents: [...new Set(imported)].join('\n'), resolveDir: example },
      conditions: ['production'],
      bundle: true,
      minify: true,
      format: 'esm',
      external: ['rxjs', '@angular/*', '@ngrx/*'],
      write: false,
    })
    expect(imported.length).toBeGreaterThan(10)
    const kilobytes = gzipSync(outputFiles[0]?.text ?? '', { level: 9 }).length / 1_000
    expect(kilobytes).toBeLessThanOrEqual(MOST_KB)
  })
})
