import { gzipSync } from 'node:zlib'
import { build, type BuildOptions } from 'esbuild'

/** The bytes of a program as a page loads it, minified and compressed, in kB. */
export const bundledKb = async (contents: string, options: BuildOptions): Promise<number> => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['production', 'module'],
    logLevel: 'error',
    ...options,
  })
  const bytes = outputFiles?.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
  if (!bytes) throw new Error(`nothing came of ${contents}`)
  return bytes / 1_000
}
