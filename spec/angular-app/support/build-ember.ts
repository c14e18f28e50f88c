import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const example = join(import.meta.dirname, '../../../examples/angular-ngrx')
const run = promisify(execFile)
const DATABASE = 'browser-level'

/** The scripts of an application, in the size that a server sends them: in all, and those that the page starts with. */
export interface BundleSize {
  readonly totalKb: number
  readonly initialKb: number
}

/** The application as `npm run build` has left it. */
export const sizeOfEmber = (): Promise<BundleSize> => sizeOf(join(example, 'dist/browser'))

/**
 * Builds the same application without a client and without the database of its outbox: what it imports of them as a value is
 * looked up in the global object instead, so that all code of the application itself stays. It is measured and never run.
 */
export const sizeWithoutClient = async (): Promise<BundleSize> => {
  const folder = join(example, 'temp/without-client')
  await mkdir(folder, { recursive: true })
  const paths: Record<string, readonly string[]> = {}
  for (const [entry, names] of await importedValues()) {
    const file = entry === 'rx-phoenix' ? 'index' : entry.replace('rx-phoenix/', '')
    const declared = entry === DATABASE ? `${entry}/index.d.ts` : `rx-phoenix/dist/${file}.d.ts`
    const types = `'../../node_modules/${declared}'`
    const values = [...names].map((name) => `export const ${name} = client['${name}'] as typeof real.${name}`)
    await writeFile(
      join(folder, `${file}.ts`),
      [
        `import type * as real from ${types}`,
        `export type * from ${types}`,
        'const client: Record<string, unknown> = globalThis as never',
        ...values,
      ].join('\n'),
    )
    paths[entry] = [`./${file}.ts`]
  }
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { paths },
    files: ['../../src/main.ts'],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  // With the Node of the example, as its own scripts are run: Angular's tools demand a later one than this package.
  await run(
    join(example, 'node_modules/.bin/node'),
    [
      'node_modules/@angular/cli/bin/ng.js',
      'build',
      'ember',
      '--ts-config=temp/without-client/tsconfig.json',
      '--output-path=temp/without-client/dist',
    ],
    { cwd: example },
  )
  return sizeOf(join(folder, 'dist/browser'))
}

/** The names of values that the application imports, by entry of the package. */
const importedValues = async (): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const byEntry: Map<string, Set<string>> = new Map()
  for (const file of await readdir(join(example, 'src'), { recursive: true })) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue
    const text = await readFile(join(example, 'src', file), 'utf8')
    for (const [, list = '', entry = ''] of text.matchAll(
      /^import (?!type )\{([^}]*)\} from '((?:rx-phoenix|browser-level)[^']*)'/gm,
    ))
      for (const name of list.split(',').map((each) => each.trim()))
        if (name !== '' && !name.startsWith('type '))
          byEntry.set(entry, (byEntry.get(entry) ?? new Set()).add(name))
  }
  return byEntry
}

const sizeOf = async (folder: string): Promise<BundleSize> => {
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  const sizes = { totalKb: 0, initialKb: 0 }
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.js'))) {
    const kilobytes = gzipSync(await readFile(join(folder, file)), { level: 9 }).length / 1_000
    sizes.totalKb += kilobytes
    if (page.includes(file)) sizes.initialKb += kilobytes
  }
  return sizes
}
