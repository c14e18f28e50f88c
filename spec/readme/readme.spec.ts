import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { runScript } from '../support/run-script.ts'
import { demoApp } from '../../lib/cli/serve/demo-app.ts'
import { type PhoenixServer, phoenixServer } from '../../lib/server/index.ts'

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)

/** What each program of the README prints, in their order. */
const outputs: readonly (readonly string[])[] = [
  ["{ from: 'guest-1', body: 'hello', id: 1 }", 'the server took it { id: 1 }'],
  ['{ n: 1 }'],
  ['waiting', 'joining', 'joined'],
  ['ann: typed too', 'presence_diff null', '{"from":"ann","body":"typed too","id":1}'],
  ['{ n: 1 }', 'PushRefused', '{ n: 1 }'],
  ["[ 'ann' ]"],
  ['ConnectionRefused 404'],
]

/** What `rx-phoenix serve` serves. */
let server: PhoenixServer
let folder: string
beforeAll(async () => {
  server = await phoenixServer({ sockets: { '/socket': demoApp() } })
  folder = mkdtempSync(join(root, 'spec/readme/.programs-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server.close()
})

const save = (code: string, i: number): string => {
  const file = join(folder, `program-${i}.ts`)
  writeFileSync(file, code.replaceAll('ws://localhost:4000', server.url))
  return file
}

describe('the programs of the README', () => {
  it('are as many as there are expectations', () => {
    expect(blocks).toHaveLength(outputs.length)
  })

  it.each(outputs.map((lines, i) => ({ program: i + 1, lines })))(
    'run, print what they say and end by themselves: number $program',
    async ({ program, lines }) => {
      const file = save(blocks[program - 1] ?? '', program)
      const { code, stdout, stderr } = await runScript(file).ended
      expect((stdout + stderr).trim().split('\n').sort()).toEqual([...lines].sort())
      expect(code).toBe(0)
    },
  )

  it('compile', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: object
    }
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
    const program = ts.createProgram(blocks.map(save), {
      ...options,
      isolatedDeclarations: false,
      declaration: false,
      declarationMap: false,
    })
    const found = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    expect(found).toEqual([])
  }, 60_000)
})

describe('the README', () => {
  it('has the two commands, each on a line of its own', () => {
    expect(readme).toMatch(/^npm ci && npm start$/m)
    expect(readme).toMatch(/^npm ci && npm test$/m)
  })

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path)
    expect(
      links.filter(
        (path) => !ts.sys.fileExists(join(root, path)) && !ts.sys.directoryExists(join(root, path)),
      ),
    ).toEqual([])
  })
})
