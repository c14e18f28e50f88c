import { readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'tsdown'
import { onPublicNames, type PublicEntry } from './build/on-public-names.ts'

/** The core: one file for each platform, in a build for development and one for production. */
const core = 'lib/index.ts'
/** Built on the core's public names, which they import from `rx-phoenix`; each in both builds. */
const satellites = { 'live-state': 'lib/live-state/index.ts' }
/** The same, with files for a checkpoint where there is Node. */
const durable = 'lib/durable/index.ts'
/** Angular and NgRx have ES modules only. What one uses of another entry it imports from there. */
const esmSatellites: Readonly<Record<string, readonly [file: string, on: readonly PublicEntry[]]>> = {
  angular: ['lib/angular/index.ts', ['live-state']],
  ngrx: ['lib/ngrx/index.ts', ['live-state', 'angular']],
}
/** For development only. */
const tools = {
  server: 'lib/server/index.ts',
  testing: 'lib/testing/index.ts',
  inspector: 'lib/inspector/index.ts',
}

const base: UserConfig = {
  outDir: 'dist',
  clean: false, // the configurations share the folder; `npm run build` empties it first
  target: 'es2022',
  platform: 'neutral',
  fixedExtension: false,
}
const js: UserConfig = {
  ...base,
  dts: false,
  sourcemap: false,
  // Node's ESM loader refuses the paths of fp-ts, so what we use of it is inlined.
  deps: { neverBundle: ['rx-phoenix', 'ws', /^node:/], alwaysBundle: [/^fp-ts/] },
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  // fp-ts calls these when it is loaded, without an effect; knowing that, the bundler drops what nobody uses.
  treeshake: {
    manualPureFunctions: ['dual', 'as', 'as_', 'asUnit_', 'tap', 'chainable'],
    propertyReadSideEffects: false,
    // As package.json tells bundlers: a file of which nothing is used does nothing. One that uses only types of node:http does not load it.
    moduleSideEffects: false,
  },
  // Folds what the define decides, and leaves names and lines as they are.
  minify: 'dce-only',
  outputOptions: { comments: { legal: true, annotation: true, jsdoc: false }, codeSplitting: false },
}

type Mode = 'development' | 'production'
type Format = 'esm' | 'cjs'
const modes: readonly Mode[] = ['development', 'production']
const formats: readonly Format[] = ['esm', 'cjs']

/** Leaves out indentation and the names of files: of no use to anybody's bundler, and a fifteenth of the package. */
const compact = {
  name: 'compact',
  generateBundle(_options: unknown, bundle: Record<string, { readonly type: string; code?: string }>) {
    for (const chunk of Object.values(bundle))
      if (chunk.code !== undefined) chunk.code = chunk.code.replace(/^\/\/#(end)?region.*\n|^\t+/gm, '')
  },
}

/**
 * Writes other characters than those of ASCII as escapes, which texts, templates and patterns take. One of them would make
 * V8 hold and parse the whole file with two bytes for each character: 5 ms more on Node for an import of the core.
 */
const ascii = {
  name: 'ascii',
  generateBundle(_options: unknown, bundle: Record<string, { readonly type: string; code?: string }>) {
    for (const chunk of Object.values(bundle))
      if (chunk.code !== undefined)
        chunk.code = chunk.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        )
  },
}

/** One entry as one file. */
const file = (
  name: string,
  entry: string,
  format: Format,
  mode: Mode,
  plugins: UserConfig['plugins'] = [],
  minify = mode === 'production',
): UserConfig => ({
  ...js,
  name: `${name} ${format} ${mode}`,
  entry: { [mode === 'production' ? `${name}.production` : name]: entry },
  format,
  define: { __DEV__: String(mode === 'development') },
  plugins: [plugins, compact, ascii],
  minify: minify ? true : 'dce-only',
})

/** Puts a file for browsers in the place of its twin for Node: `platform-browser.ts` for `platform-node.ts`. */
const forBrowsers = {
  name: 'for-browsers',
  resolveId: {
    order: 'pre' as const,
    handler: (id: string, importer: string | undefined) =>
      importer !== undefined && id.startsWith('./') && id.endsWith('-node.ts')
        ? resolve(dirname(importer), id.replace(/-node\.ts$/, '-browser.ts'))
        : undefined,
  },
}

const client = modes.flatMap((mode) => [
  ...formats.flatMap((format) => [
    file('index', core, format, mode, [forBrowsers]),
    file('index.node', core, format, mode),
    file('durable', durable, format, mode, [forBrowsers, onPublicNames()]),
    file('durable.node', durable, format, mode, [onPublicNames()]),
    ...Object.entries(satellites).map(([name, entry]) => file(name, entry, format, mode, [onPublicNames()])),
  ]),
  ...Object.entries(esmSatellites).map(([name, [entry, on]]) =>
    file(name, entry, 'esm', mode, [onPublicNames(...on)]),
  ),
])

const dts: UserConfig = {
  ...base,
  entry: {
    index: core,
    durable,
    ...satellites,
    ...Object.fromEntries(Object.entries(esmSatellites).map(([name, [entry]]) => [name, entry])),
    ...tools,
  },
  format: 'esm',
  dts: { emitDtsOnly: true, sourcemap: false },
  deps: { neverBundle: [/^node:/, /^fp-ts/] },
}

/** What is inside the program travels with its license. */
const licenses = (packages: readonly string[]) => ({
  name: 'licenses',
  generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): unknown }) {
    const texts = packages.map((name) => {
      const file = readdirSync(`node_modules/${name}`).find((file) => /^licen[cs]e/i.test(file))
      return `${name}\n\n${readFileSync(`node_modules/${name}/${file}`, 'utf8').trim()}\n`
    })
    this.emitFile({ type: 'asset', fileName: 'cli/LICENSES.txt', source: texts.join('\n---\n\n') })
  },
})

const inPackage = (file: string) => fileURLToPath(new URL(`node_modules/${file}`, import.meta.url))

/** A program has no users who could share its parts: all is inside, which halves the time that it takes to start. */
const cli: UserConfig = {
  ...js,
  name: 'cli',
  entry: { cli: 'lib/cli/main.ts' },
  format: 'esm',
  platform: 'node',
  minify: true,
  define: { __DEV__: 'true' },
  // LevelDB is native code, which users of `pipe --outbox` install.
  deps: { alwaysBundle: [/^(?!classic-level$)/], neverBundle: ['classic-level'], onlyBundle: false },
  // On Node the package rxjs would give its CommonJS, of which a bundler can leave nothing out.
  alias: { rxjs: inPackage('rxjs/dist/esm/index.js'), tslib: inPackage('tslib/tslib.es6.mjs') },
  inputOptions: {
    resolve: { conditionNames: ['rx-phoenix-source', 'import', 'default'], mainFields: ['module', 'main'] },
  },
  outputOptions: {
    comments: { legal: true, annotation: true, jsdoc: false },
    chunkFileNames: 'cli/[name]-[hash].js',
  },
  plugins: [licenses(['commander', 'rxjs', 'tslib', 'ws', 'fp-ts']), ascii],
}

/** What `rx-phoenix inspect` shows, complete in itself: it stands in pages that load nothing else. */
const inspectPage: UserConfig = {
  ...js,
  name: 'cli page',
  entry: { 'cli/inspect-page': 'lib/cli/inspect/page/main.ts' },
  format: 'esm',
  platform: 'browser',
  minify: true,
  define: { __DEV__: 'false' },
  deps: { alwaysBundle: [/./], onlyBundle: false },
  plugins: [forBrowsers],
}

export default defineConfig([
  ...client,
  ...formats.flatMap((format) =>
    Object.entries(tools).map(([name, entry]) =>
      // The server is for Node and needs nothing of the client. The inspector is for pages, which should load it quickly.
      file(
        name,
        entry,
        format,
        'development',
        name === 'server' ? [] : [onPublicNames()],
        name === 'inspector',
      ),
    ),
  ),
  cli,
  inspectPage,
  dts,
  {
    ...dts,
    entry: { index: core, durable, ...satellites, ...tools },
    outExtensions: () => ({ js: '.cjs', dts: '.d.cts' }),
  },
])
