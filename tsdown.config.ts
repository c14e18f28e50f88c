import { defineConfig, type UserConfig } from 'tsdown'

const entry = {
  index: 'lib/index.ts',
  server: 'lib/server/index.ts',
  testing: 'lib/testing/index.ts',
  'platform-node': 'lib/transport/platform-node.ts',
  'platform-browser': 'lib/transport/platform-browser.ts',
}
const base: UserConfig = {
  entry,
  outDir: 'dist',
  clean: false, // three configurations share the folder; `npm run build` empties it first
  target: 'es2022',
  platform: 'neutral',
  fixedExtension: false,
}
const js: UserConfig = {
  ...base,
  dts: false,
  sourcemap: true,
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  // Node's ESM loader refuses the paths of fp-ts, so what we use of it is inlined.
  deps: { neverBundle: ['#platform'], alwaysBundle: [/^fp-ts/] },
}
const dts: UserConfig = {
  ...base,
  format: 'esm',
  dts: { emitDtsOnly: true, sourcemap: true },
  deps: { neverBundle: ['#platform', /^fp-ts/] },
}

export default defineConfig([
  { ...js, format: 'esm' },
  { ...js, format: 'cjs' },
  dts,
  { ...dts, outExtensions: () => ({ js: '.cjs', dts: '.d.cts' }) },
])
