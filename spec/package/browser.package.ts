import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { build } from 'esbuild'
import { startChromium } from '../browser/support/chromium.ts'
import { startContractApp } from '../contract-app/index.ts'
import { running } from '../support/running.ts'
import { type Consumer, startConsumer } from './support/consumer.ts'

const html = `<!doctype html>
<title>application</title>
<script type="module" src="/main.js"></script>`

const main = `
import { firstValueFrom } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'

window.echo = (url, payload) => firstValueFrom(phoenixSocket(url).channel('room:packed').push('echo', payload))
`

const viteConfig = `
export default { logLevel: 'error', build: { target: 'es2022' } }
`

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }

/** What gives away that a module for Node went in. */
const ofNode = /\brequire\(|["'`]node:|sec-websocket-key/gi

describe('the packed package, bundled for a browser', () => {
  let consumer: Consumer

  beforeAll(async () => {
    consumer = await startConsumer({ vite: '8.3.8' })
    await consumer.write('index.html', html)
    await consumer.write('main.js', main)
    await consumer.write('vite.config.js', viteConfig)
  })
  afterAll(() => consumer.remove())

  it('by esbuild: holds the files for browsers and rxjs, nothing of Node', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: ['main.js'],
      absWorkingDir: consumer.folder,
      bundle: true,
      minify: true,
      format: 'esm',
      metafile: true,
      write: false,
      tsconfigRaw: {},
    })
    const files = Object.keys(metafile.inputs)
    expect(files).toContain('node_modules/rx-phoenix/dist/index.js')
    expect(files.filter((file) => /index\.node|server|testing|live-state|\.cjs$/.test(file))).toEqual([])
    expect(files.filter((file) => /node_modules\/(?!rx-phoenix\/|rxjs\/|tslib\/)/.test(file))).toEqual([])
    const code = outputFiles[0]?.text ?? ''
    expect(code.match(ofNode)).toBeNull()
  })

  describe('by Vite', () => {
    const chromium = running(startChromium)
    const app = running(startContractApp)
    let site: Server

    beforeAll(async () => {
      await consumer.node('node_modules/vite/bin/vite.js', 'build')
      site = createServer(({ url = '/' }, response) => {
        readFile(join(consumer.folder, 'dist', url === '/' ? 'index.html' : url)).then(
          (text) => {
            response.setHeader('content-type', types[extname(url)] ?? 'text/html')
            response.end(text)
          },
          () => response.writeHead(404).end(),
        )
      }).listen(0, '127.0.0.1')
      await once(site, 'listening')
    })
    afterAll(() => {
      site.closeAllConnections()
      site.close()
    })

    it('makes a page that connects, joins and pushes in Chromium', async () => {
      const tab = await chromium().newPage()
      const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
      await tab.goto(url)
      expect(await tab.evaluate(`echo('${app().url}/socket', { hello: 'vite' })`)).toEqual({ hello: 'vite' })
      const [script = ''] = await tab.evaluate<readonly string[]>(
        `[...document.scripts].map(({ src }) => src)`,
      )
      const code = await (await fetch(script)).text()
      expect(code.match(ofNode)).toBeNull()
    })
  })
})
