import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../../..')

/** Nothing but the script of this site, and connections. */
const POLICY = "default-src 'none'; script-src 'self'; connect-src ws: http:"

const page = `<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<title>rx-phoenix</title>
<main><h1>rx-phoenix</h1></main>
<script src="/lab.js"></script>
<script>tell('the policy let an inline script run')</script>`

export interface Bundle {
  readonly code: string
  /** The files that went in, relative to the project. */
  readonly files: readonly string[]
}

/** A script of `page/` with the built package, as an application's bundler would put it together for a browser. */
export const bundle = async (script: string): Promise<Bundle> => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, `spec/browser/page/${script}.ts`)],
    absWorkingDir: root,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    tsconfigRaw: {},
    metafile: true,
    write: false,
  })
  return { code: outputFiles[0]?.text ?? '', files: Object.keys(metafile.inputs) }
}

export interface Site {
  readonly url: string
  close(): Promise<void>
}

/** Serves the page with a script of `page/`, on a free port, under a strict Content-Security-Policy. */
export const startSite = async (name = 'lab'): Promise<Site> => {
  const { code } = await bundle(name)
  const server = createServer(({ url }, response) => {
    const script = url === '/lab.js'
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    response.setHeader('content-security-policy', POLICY)
    response.end(script ? code : page)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
