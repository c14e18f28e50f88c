import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { startChromium } from '../browser/support/chromium.ts'
import { ROOT } from '../support/run-script.ts'
import { environment, pack } from './support/consumer.ts'
import { guidePrograms, guideSpec } from './support/guide-programs.ts'

const run = promisify(execFile)
const guide = readFileSync(join(ROOT, 'docs/angular-start.md'), 'utf8')

/** The files of the guide: a path in backticks on a line of its own, and the block below it. */
const files = [...guide.matchAll(/^`(src\/[^`]+)`\n\n```ts\n(.*?)```/gms)].map(
  ([, path = '', text = '']) => [path, text] as const,
)

const env = { ...environment, NG_CLI_ANALYTICS: 'false', NO_COLOR: '1', FORCE_COLOR: '0' }

const SERVER = 'ws://localhost:4000/socket'

/** The server for development that the guide starts, as the package brings it. */
const serve = async (app: string, port: string): Promise<{ child: ChildProcess; url: string }> => {
  const child = spawn(process.execPath, ['node_modules/.bin/rx-phoenix', 'serve', '--port', port], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const line of createInterface({ input: child.stdout }))
    return { child, url: (JSON.parse(line) as { url: string }).url }
  throw new Error('The server did not start.')
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

const servePage = async (folder: string): Promise<Server> => {
  const server = createServer((request, response) => {
    const file = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1)
    readFile(join(folder, file)).then(
      (content) => response.setHeader('content-type', types[extname(file)] ?? 'image/x-icon').end(content),
      () => response.writeHead(404).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

describe.each([
  ['21', '21.2.27', '21.1.1'],
  ['22', '22.2.7', '22.0.1'],
])('the guide from ng new, with Angular %s', (major, cli, ngrx) => {
  let folder = ''
  let app = ''
  let server: { child: ChildProcess; url: string } | undefined

  /** Runs a program with the Node that the tools of Angular 22 demand, which the application brings. */
  const ng = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run(
      join(app, 'node_modules/.bin/node'),
      ['node_modules/@angular/cli/bin/ng.js', ...args],
      { cwd: app, env, timeout: 300_000 },
    ).catch((error: unknown) => {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
      throw new Error(`${stdout}\n${stderr}`, { cause: error })
    })
    return stdout
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rx-phoenix-ng-new-'))
    app = join(folder, 'chat')
    const npm = (cwd: string, ...args: readonly string[]) =>
      run('npm', [...args, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd,
        env,
        timeout: 400_000,
      })
    await npm(
      folder,
      'exec',
      '--yes',
      '--package=node@22.23.3',
      `--package=@angular/cli@${cli}`,
      '--call',
      'ng new chat --defaults --skip-git --skip-install --ai-config=none',
    )
    await npm(
      app,
      'install',
      await pack(folder),
      'node@22.23.3',
      'phoenix@1.8.16',
      '@types/phoenix@1.6.7',
      'browser-level@3.0.0',
      'events@3.3.0',
      ...['effects', 'operators', 'signals', 'store'].map((name) => `@ngrx/${name}@${ngrx}`),
    )
    const { url } = (server = await serve(app, '0'))
    for (const [path, text] of files)
      await writeFile(join(app, path), text.replace(SERVER, url.replace('127.0.0.1', 'localhost')))
    for (const unused of ['html', 'css']) await unlink(join(app, `src/app/app.${unused}`))
  }, 900_000)
  afterAll(async () => {
    server?.child.kill()
    await rm(folder, { recursive: true, force: true })
  })

  it('has three files', () => {
    expect(files.map(([path]) => path)).toEqual([
      'src/app/app.ts',
      'src/app/app.config.ts',
      'src/app/app.spec.ts',
    ])
    expect(files.some(([, text]) => text.includes(SERVER))).toBe(true)
  })

  it('has tests that pass', async () => {
    const core = await readFile(join(app, 'node_modules/@angular/core/package.json'), 'utf8')
    expect((JSON.parse(core) as { version: string }).version).toMatch(new RegExp(`^${major}\\.`))
    expect(await ng('test', '--no-watch')).toMatch(/Tests.* 3 passed/)
  }, 300_000)

  it('runs the programs of the other guides', async () => {
    const guides = join(app, 'src/guides')
    await mkdir(guides)
    for (const [name, program] of guidePrograms) await writeFile(join(guides, `${name}.ts`), program)
    await writeFile(join(guides, 'guides.spec.ts'), guideSpec())
    expect(await ng('test', '--no-watch', '--include=src/guides/*.spec.ts')).toMatch(/Tests.* 16 passed/)
  }, 300_000)

  it('compiles them ahead of time, and is a chat with presence that says when the server is gone', async () => {
    await ng('build')
    const dist = join(app, 'dist/chat/browser')
    expect(await readdir(dist)).toContain('index.html')
    const page = await servePage(dist)
    const browser = await startChromium()
    try {
      const visit = async () => {
        const tab = await browser.newPage()
        await tab.goto(`http://127.0.0.1:${(page.address() as AddressInfo).port}/`)
        const sees = (text: string) => tab.locator('body', { hasText: text }).waitFor()
        const send = async (text: string) => {
          await tab.locator('input').fill(text)
          await tab.getByRole('button', { name: 'Send', exact: true }).click()
        }
        return { sees, send }
      }
      const [ann, bob] = [await visit(), await visit()]
      await Promise.all([ann.sees('Live'), bob.sees('Live'), ann.sees('2 here')])
      await ann.send('hello')
      await bob.sees('hello')

      server?.child.kill()
      await ann.sees('Offline, next try in')
      server = await serve(app, new URL(server?.url ?? '').port)
      // A push waits for the join, and so Ann has joined when she sees what she said.
      await ann.send('back again')
      await ann.sees('back again')
      await bob.send('me too')
      await ann.sees('me too')
      await Promise.all([ann.sees('Live'), bob.sees('Live'), bob.sees('2 here')])
    } finally {
      await browser.close()
      page.close()
    }
  }, 300_000)
})
