import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'tsdown'

// Two groups, each with chunks of its own, so that what the server needs is never a part of what a browser loads.
const client = {
  index: 'lib/index.ts',
  'live-state': 'lib/live-state/index.ts',
  'platform-node': 'lib/transport/platform-node.ts',
  'platform-browser': 'lib/transport/platform-browser.ts',
}
/** Angular itself has ES modules only. */
const esmClient = { ...client, angular: 'lib/angular/index.ts' }
const durable = 'lib/durable/index.ts'
const tools = { server: 'lib/server/index.ts', testing: 'lib/testing/index.ts' }

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
  sourcemap: true,
  // Node's ESM loader refuses the paths of fp-ts, so what we use of it is inlined.
  deps: { neverBundle: ['#platform', /^node:/], alwaysBundle: [/^fp-ts/] },
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  // fp-ts calls these when it is loaded, without an effect; knowing that, the bundler drops what nobody uses.
  treeshake: {
    manualPureFunctions: ['dual', 'as', 'as_', 'asUnit_', 'tap', 'chainable'],
    propertyReadSideEffects: false,
  },
}
const dts: UserConfig = {
  ...base,
  entry: { ...esmClient, ...tools, durable },
  format: 'esm',
  dts: { emitDtsOnly: true, sourcemap: true },
  deps: { neverBundle: ['#platform', /^node:/, /^fp-ts/] },
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
  sourcemap: false,
  deps: { alwaysBundle: [/./], onlyBundle: false },
  // On Node the package rxjs would give its CommonJS, of which a bundler can leave nothing out.
  alias: { rxjs: inPackage('rxjs/dist/esm/index.js'), tslib: inPackage('tslib/tslib.es6.mjs') },
  inputOptions: {
    resolve: { conditionNames: ['rx-phoenix-source', 'import', 'default'], mainFields: ['module', 'main'] },
  },
  outputOptions: { chunkFileNames: 'cli/[name]-[hash].js' },
  plugins: [licenses(['commander', 'rxjs', 'tslib', 'ws', 'fp-ts'])],
}

/** Feeds and outboxes are for browsers and for Node, where there are files for a checkpoint. */
const withoutFiles = {
  name: 'without-files',
  resolveId: {
    order: 'pre' as const,
    handler: (id: string) =>
      id === './locked-file-node.ts' ? inLibrary('durable/locked-file-browser.ts') : undefined,
  },
}
const inLibrary = (file: string) => fileURLToPath(new URL(`lib/${file}`, import.meta.url))
const durables: UserConfig[] = (['esm', 'cjs'] as const).flatMap((format) => [
  { ...js, entry: { durable }, format, plugins: [withoutFiles] },
  { ...js, entry: { 'durable.node': durable }, format },
])

export default defineConfig([
  { ...js, entry: esmClient, format: 'esm' },
  { ...js, entry: client, format: 'cjs' },
  { ...js, entry: tools, format: 'esm' },
  { ...js, entry: tools, format: 'cjs' },
  ...durables,
  cli,
  dts,
  { ...dts, entry: { ...client, ...tools, durable }, outExtensions: () => ({ js: '.cjs', dts: '.d.cts' }) },
])
