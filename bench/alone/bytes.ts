import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { type ClientName } from '../clients/names.ts'
import { type Measured } from '../measured.ts'

/** What a user of each writes: without presence, and with it. */
const imports: Readonly<Partial<Record<ClientName, readonly [core: string, withPresence: string]>>> = {
  phoenix: [`{ Socket } from 'phoenix'`, `{ Socket, Presence } from 'phoenix'`],
  supabase: [
    `{ RealtimeClient } from '@supabase/realtime-js'`,
    `{ RealtimeClient } from '@supabase/realtime-js'`,
  ],
  rx: [`{ phoenixSocket } from 'rx-phoenix'`, `{ phoenixSocket, presence } from 'rx-phoenix'`],
}

/** What a page loads, minified and compressed, rxjs not counted. */
export const bytes = async (
  client: ClientName,
  mode: 'production' | 'development',
  withPresence: boolean,
): Promise<Measured> => {
  const what = imports[client]?.[withPresence ? 1 : 0]
  if (what === undefined) throw new Error(`${client} is not measured in bytes`)
  const { outputFiles } = await build({
    stdin: { contents: `export ${what}`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    external: ['rxjs'],
    conditions: [mode, 'module'],
    logLevel: 'error',
  })
  const length = outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
  return { value: length / 1_000, correct: length > 0 }
}
