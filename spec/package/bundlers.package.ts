import { readFile } from 'node:fs/promises'
import { createContext, runInContext } from 'node:vm'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { startContractApp } from '../contract-app/index.ts'
import { running } from '../support/running.ts'
import { type Consumer, startConsumer } from './support/consumer.ts'

/** What gives away that a module for Node went in. */
const ofNode = /["'`]node:|sec-websocket-key/i
/** A text that only the build for development has. */
const ofDevelopment = 'crashed on the server; see its log'

const program = (imports = ''): string => `
import { firstValueFrom } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
${imports}
globalThis.outcome = firstValueFrom(phoenixSocket(globalThis.url).channel('room:bundled').push('echo', { hello: 'bundle' }))
`

/** Bundles main.js with the defaults of each bundler; prints nothing. */
const scripts = {
  rollup: `
import { rollup } from 'rollup'
import resolve from '@rollup/plugin-node-resolve'
process.env.NODE_ENV = 'production' // from which the plugin takes the condition
const bundle = await rollup({ input: 'main.js', plugins: [resolve()] })
await bundle.write({ file: 'out/rollup.js', format: 'iife' })`,
  webpack: `
import webpack from 'webpack'
webpack({ mode: 'production', entry: './main.js', output: { path: process.cwd() + '/out', filename: 'webpack.js' } },
  (error, stats) => { if (error || stats.hasErrors()) throw error ?? new Error(stats.toString()) })`,
  rspack: `
import { rspack } from '@rspack/core'
rspack({ mode: 'development', devtool: false, entry: './main.js', output: { path: process.cwd() + '/out', filename: 'rspack.js' } },
  (error, stats) => { if (error || stats.hasErrors()) throw error ?? new Error(stats.toString()) })`,
  vite: `
import { build } from 'vite'
process.env.NODE_ENV = 'production' // as the command line of Vite has it
await build({ logLevel: 'error', build: { emptyOutDir: false, outDir: 'out', lib: { entry: 'main.js', formats: ['iife'], name: 'main', fileName: () => 'vite.js' } } })`,
  esbuild: `
import { build } from 'esbuild'
await build({ entryPoints: ['main.js'], bundle: true, outfile: 'out/esbuild.js' })`,
  parcel: `
import { Parcel } from '@parcel/core'
await new Parcel({ entries: 'core.js', defaultConfig: '@parcel/config-default', mode: 'production', shouldDisableCache: true,
  defaultTargetOptions: { distDir: 'out', sourceMaps: false } }).run()`,
}

const metro = (platform: string): string => `
import Metro from 'metro'
import { mergeConfig } from 'metro-config'
import reactNative from '@react-native/metro-config'
const config = mergeConfig(reactNative.getDefaultConfig(process.cwd()), {
  maxWorkers: 1, reporter: { update: () => {} },
  // The package react-native itself is not installed.
  serializer: { getModulesRunBeforeMainModule: () => [] },
})
await Metro.runBuild(await Metro.loadConfig({ cwd: process.cwd() }, config), {
  entry: 'main.js', platform: '${platform}', dev: false, minify: false, out: process.cwd() + '/out/metro-${platform}.js',
})`

describe('the packed package, bundled with defaults', () => {
  const app = running(startContractApp)
  let consumer: Consumer

  /** Runs a bundle on what browsers and React Native have in common, and gives what it made. */
  const outcomeOf = async (file: string): Promise<{ readonly code: string; readonly reply: unknown }> => {
    const code = await readFile(join(consumer.folder, file), 'utf8')
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis
    const context = createContext({
      WebSocket,
      URL,
      setTimeout,
      clearTimeout,
      setInterval,
      clearInterval,
      console,
    })
    context['url'] = `${app().url}/socket`
    runInContext(code, context)
    return { code, reply: JSON.parse(JSON.stringify(await context['outcome'])) }
  }

  beforeAll(async () => {
    consumer = await startConsumer({
      '@parcel/config-default': '2.16.4',
      '@parcel/core': '2.16.4',
      '@react-native/metro-config': '0.83.9',
      '@rollup/plugin-node-resolve': '16.0.3',
      '@rspack/core': '2.3.4',
      bun: '1.4.5',
      deno: '2.9.6',
      esbuild: '0.28.2',
      metro: '0.83.6',
      rollup: '4.67.4',
      vite: '8.3.8',
      webpack: '5.113.0',
    })
    const liveState = `import { liveState } from 'rx-phoenix/live-state'\nglobalThis.used = liveState`
    await consumer.write('main.js', program(liveState))
    // Parcel does not read the exports of a package unless it is told to, so other entries are not to be had by default.
    await consumer.write('core.js', program())
    for (const [name, script] of Object.entries(scripts)) await consumer.write(`${name}.mjs`, script)
  }, 600_000)
  afterAll(() => consumer.remove())

  it.each([
    ['rollup', 'out/rollup.js', 'production'],
    ['webpack', 'out/webpack.js', 'production'],
    ['rspack', 'out/rspack.js', 'development'],
    ['vite', 'out/vite.js', 'production'],
    ['esbuild', 'out/esbuild.js', 'development'],
    ['parcel', 'out/core.js', 'development'],
  ])('by %s: talks to a server over the native WebSocket', async (bundler, file, build) => {
    await consumer.node(`${bundler}.mjs`)
    const { code, reply } = await outcomeOf(file)
    expect(reply).toEqual({ hello: 'bundle' })
    expect(code).not.toMatch(ofNode)
    expect(code.includes(ofDevelopment)).toBe(build === 'development')
  })

  it.each(['ios', 'android'])(
    'by Metro for %s, as React Native sets it up',
    async (platform) => {
      await consumer.write('metro.mjs', metro(platform))
      await consumer.node('metro.mjs')
      const { code, reply } = await outcomeOf(`out/metro-${platform}.js`)
      expect(reply).toEqual({ hello: 'bundle' })
      expect(code).not.toMatch(ofNode)
    },
    400_000,
  )

  it.each([
    ['bun', 'node_modules/@oven/bun-linux-x64/bin/bun', ['run']],
    ['deno', 'node_modules/@deno/linux-x64-glibc/deno', ['run', '-A']],
  ])('is run by %s as it is', async (_name, binary, args) => {
    await consumer.write(
      'direct.mjs',
      `${program()}console.log(JSON.stringify(await globalThis.outcome))`.replace(
        'globalThis.url',
        `'${app().url}/socket'`,
      ),
    )
    expect(await consumer.run(binary, ...args, 'direct.mjs')).toBe('{"hello":"bundle"}\n')
  })
})
