import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { WebSocket } from 'ws'
import { startContractApp } from '../contract-app/index.ts'
import { running } from '../support/running.ts'

/** What React Native has of URL: getters only, nothing checked, and a slash at the end. In strict code a setter throws. */
class ReactNativeUrl {
  readonly #text: string

  constructor(url: string, base?: string) {
    this.#text = base === undefined ? url : `${base}${url}`
    if (!/\/$|[?#]/.test(this.#text)) this.#text += '/'
  }
  get href(): string {
    return this.#text
  }
  get protocol(): string {
    return this.#text.replace(/:.*/s, ':')
  }
  get pathname(): string {
    throw new Error('not implemented')
  }
  get searchParams(): never {
    throw new Error('not implemented')
  }
}

/** The library and a program, as Metro puts them together. */
const bundle = async (program: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    format: 'iife',
    write: false,
    target: 'es2020',
    tsconfigRaw: {},
    plugins: [
      {
        name: 'react-native',
        setup: (bundler) => {
          bundler.onResolve({ filter: /platform-node\.ts$/ }, ({ resolveDir }) =>
            bundler.resolve('./platform-browser.ts', { resolveDir, kind: 'import-statement' }),
          )
        },
      },
    ],
  })
  return outputFiles[0]?.text ?? ''
}

/** Globals of React Native before 0.85: no TextDecoder, no TextEncoder on some versions, no document, no location. */
const globals = (): Record<string, unknown> => ({
  WebSocket,
  URL: ReactNativeUrl,
  console,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  btoa,
})

describe('on the globals of React Native', () => {
  const app = running(startContractApp)

  const run = async (program: string): Promise<unknown> => {
    const code = await bundle(`
      import { firstValueFrom } from 'rxjs'
      import { phoenixSocket } from '../../lib/index.ts'
      declare const url: string
      Object.assign(globalThis, { outcome: (async () => { ${program} })() })`)
    const context = createContext({ ...globals(), url: `${app().url}/socket` })
    runInContext(code, context)
    return (await context['outcome']) as unknown
  }

  it('is imported, connects with params, joins and pushes', async () => {
    const reply = await run(`
      const socket = phoenixSocket(url, { params: { user: 'ann b', list: [1, 2] } })
      return JSON.stringify(await firstValueFrom(socket.channel('room:native').push('echo', { ä: '✓' })))`)
    expect(JSON.parse(reply as string)).toEqual({ ä: '✓' })
  })

  it('carries an auth token, bytes, and names that are not ASCII', async () => {
    const reply = await run(`
      const room = phoenixSocket(url, { authToken: 'tökén' }).channel('room:nätive')
      const size = await firstValueFrom(room.push('binary_size', Uint8Array.of(0, 255)))
      const bytes = await firstValueFrom(room.push('binary_echo', Uint8Array.of(1, 2, 3)))
      return JSON.stringify([size, [...new Uint8Array(bytes as ArrayBuffer)]])`)
    expect(JSON.parse(reply as string)).toEqual([{ size: 2 }, [1, 2, 3]])
  })
})
