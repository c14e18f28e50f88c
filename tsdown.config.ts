import { defineConfig, type UserConfig } from 'tsdown'

// Two groups, each with chunks of its own, so that what the server needs is never a part of what a browser loads.
const client = {
  index: 'lib/index.ts',
  'live-state': 'lib/live-state/index.ts',
  'platform-node': 'lib/transport/platform-node.ts',
  'platform-browser': 'lib/transport/platform-browser.ts',
}
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
  entry: { ...client, ...tools },
  format: 'esm',
  dts: { emitDtsOnly: true, sourcemap: true },
  deps: { neverBundle: ['#platform', /^node:/, /^fp-ts/] },
}

export default defineConfig([
  { ...js, entry: client, format: 'esm' },
  { ...js, entry: client, format: 'cjs' },
  { ...js, entry: tools, format: 'esm' },
  { ...js, entry: tools, format: 'cjs' },
  dts,
  { ...dts, outExtensions: () => ({ js: '.cjs', dts: '.d.cts' }) },
])
