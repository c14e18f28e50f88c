import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as exported from '../../lib/index.ts'
import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { demoApp } from '../../lib/cli/serve/demo-app.ts'
import { error, ok, type SocketDefinition, stop } from '../../lib/server/index.ts'
import { joinFrame, leaveFrame, pushFrame, runMarbles } from '../../lib/testing/index.ts'
import { serverBench } from '../server/server-bench.ts'
import { type Ended, ROOT, runScript } from '../support/run-script.ts'
import { compile, problemsIn } from './compile.ts'
import { codeSpans, readPage } from './page.ts'
import { bareTitles } from './proofs.ts'

const docs = join(ROOT, 'docs')
const textOf = (name: string): string => readFileSync(join(docs, name), 'utf8')

const programsOf = (name: string) => readPage(textOf(name)).blocks.filter(({ language }) => language === 'ts')

/** The `ts` blocks of a page as files of their own, for as long as the work takes. */
const withPrograms = async <A>(
  name: string,
  work: (files: readonly string[]) => A | Promise<A>,
): Promise<A> => {
  const folder = mkdtempSync(join(ROOT, 'spec/docs/.programs-'))
  try {
    return await work(
      programsOf(name).map(({ code }, i) => {
        const file = join(folder, `block-${i}.ts`)
        writeFileSync(file, code)
        return file
      }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Its programs share names and are put together by a spec of their own. */
const COMPILED_ELSEWHERE = ['server.md', 'angular-start.md']

describe('the code of the guides', () => {
  it('compiles', () => {
    const guides = readdirSync(docs).filter(
      (name) => name.endsWith('.md') && !COMPILED_ELSEWHERE.includes(name),
    )
    const saved: (readonly [string, string])[] = []
    const folder = mkdtempSync(join(ROOT, 'spec/docs/.programs-'))
    try {
      for (const name of [...guides, '../site/index.md'])
        for (const [i, { code }] of programsOf(name).entries()) {
          const file = join(folder, `${basename(name)}-${i + 1}.ts`)
          writeFileSync(file, code)
          saved.push([`docs/${name}, block ${i + 1}`, file])
        }
      const program = compile(saved.map(([, file]) => file))
      const problems = saved.flatMap(([block, file]) =>
        problemsIn(program, file).map((problem) => `${block}: ${problem}`),
      )
      expect(saved.length).toBeGreaterThan(40)
      expect(problems).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 120_000)
})

describe('docs/errors.md', () => {
  const rows = readPageRows('errors.md')

  it('has a row for each error class, and for nothing else', () => {
    const classes = Object.entries(exported)
      .filter(([, value]) => isErrorClass(value))
      .map(([name]) => name)
    expect(classes.length).toBeGreaterThan(15)
    expect(rows.map(([error = '']) => codeSpans(error)[0]).sort()).toEqual(classes.sort())
  })

  it('lists the fields of each error, and no others', () => {
    const source = ['channel-error', 'connection-error', 'push-error', 'decode-failed', 'invalid-argument']
      .map((file) => `protocol/${file}`)
      .concat(['awaiting/await-timeout', 'awaiting/buffer-overflow'])
      .map((file) => readFileSync(join(ROOT, `lib/${file}.ts`), 'utf8'))
      .join('\n')
    const declared = new Map(
      [...source.matchAll(/class (\w+) extends TaggedError.*?\n}/gs)].map(([body, name = '']) => [
        name,
        [...body.matchAll(/declare readonly (\w+)/g)].map(([, field = '']) => field),
      ]),
    )
    const wrong = rows.flatMap(([error = '', , fields = '']) => {
      const name = codeSpans(error)[0] ?? ''
      const told = codeSpans(fields).filter((field) => field !== 'cause')
      const has = (declared.get(name) ?? []).filter((field) => field !== 'cause')
      return told.join() === has.join() ? [] : [`${name}: ${told.join()} is told, ${has.join()} is there`]
    })
    expect(wrong).toEqual([])
  })
})

describe('docs/states.md', () => {
  it('has the states of the types, in their order, with their data', () => {
    const told = readPageRows('states.md').map(([state = '', data = '']) =>
      [...codeSpans(state), ...codeSpans(data)].join(' '),
    )
    const statesIn = (file: string): readonly string[] => {
      const [, union = ''] =
        /export type \w+State(?:<[^=]*=[^=]*)? =\n(.*?)\n\n?(?:export|$)/s.exec(
          `${readFileSync(join(ROOT, file), 'utf8')}\nexport`,
        ) ?? []
      return [...union.matchAll(/\{[^{}]*status: '(\w+)'([^{}]*)\}/g)].map(([, status = '', rest = '']) =>
        [status, ...[...rest.matchAll(/readonly (\w+)\??:/g)].map(([, field]) => field)].join(' '),
      )
    }
    expect(told).toEqual([
      ...statesIn('lib/connection/connection-state.ts'),
      ...statesIn('lib/channel/channel-state.ts'),
    ])
    expect(told).toHaveLength(11)
  })
})

describe('the program of docs/states.md', () => {
  let app: ContractApp
  beforeAll(async () => {
    app = await startContractApp()
  })
  afterAll(() => app.close())

  it('prints the state of a channel when it is run', async () => {
    await withPrograms('states.md', async ([file = '']) => {
      writeFileSync(file, readFileSync(file, 'utf8').replace('ws://localhost:4000', app.url))
      const running = runScript(file)
      await running.written(/^coming\n(coming\n)*here$/m)
      running.process.kill()
      expect((await running.ended).stderr).toBe('')
    })
  }, 60_000)
})

describe('the programs of docs/validation.md', () => {
  const start = serverBench()
  const posted = { body: 'hi', user: { name: 'ann', age: 40 }, at: '2026-01-01T00:00:00Z' }
  const bad = { body: 'hi', user: { name: 'ann', age: 'old' } }

  it.each([
    ['of a contract', 'interface Room', [/^hi$/m, /^id-1$/m, /^pong$/m, /^3$/m]],
    ['of a schema', "from 'zod'", [/^2026$/m]],
    ['of an Either', "from 'io-ts'", [/^5$/m, /^hi$/m]],
    ['of what becomes of a bad payload', "from 'valibot'", [/^here hi$/m]],
  ])(
    '%s: it runs',
    async (_name, about, expected) => {
      await withPrograms('validation.md', async (files) => {
        const { server } = await start({
          channels: {
            'room:*': {
              join: (_params, self) => {
                self.send('say')
                return ok({ members: 3 })
              },
              handleInfo: (_say, self) => {
                self.push('posted', about.includes('valibot') ? bad : posted)
                self.push('posted', posted)
                self.push('line', { text: ' hello ' })
              },
              handleIn: (event) => ok(event === 'ping' ? 'pong' : { id: 'id-1' }),
            },
          },
        })
        const file = files.find((each) => readFileSync(each, 'utf8').includes(about)) ?? ''
        writeFileSync(file, readFileSync(file, 'utf8').replace('ws://localhost:4000', server.url))
        const running = runScript(file)
        for (const line of expected) await running.written(line)
        running.process.kill()
        const { stdout, stderr } = await running.ended
        expect(stderr).toBe('')
        const prints = /this prints\n\n```text\n(.*?)```/s.exec(textOf('validation.md'))?.[1]
        // The two readers hear of it in either order.
        const shown = stdout.replace(/^here hi\n/m, '')
        expect(about.includes('valibot') ? shown : prints).toBe(prints)
      })
    },
    60_000,
  )

  it('show a report as it is', () => {
    const report = /### When it fails.*?```text\n(.*?)\n```/s.exec(textOf('testing.md'))?.[1]
    expect(() => {
      runMarbles(({ expectObservable, expectSent, phoenix }) => {
        const server = phoenix()
        const options = { transport: server.transport, heartbeatIntervalMs: 0 }
        const lobby = exported.phoenixSocket('ws://localhost/socket', options).channel('room:lobby')
        expectSent(server).toBe('(jp)-L', {
          j: joinFrame('room:lobby'),
          p: pushFrame('room:lobby', 'new_msg', { body: 'hi' }),
          L: leaveFrame('room:lobby'),
        })
        expectObservable(lobby, '^-----!')
        expectObservable(lobby.push('new_msg', { body: 'hi' }))
      })
    }).toThrow(new Error(report))
  })
})

describe('the programs of the guides', () => {
  const start = serverBench()

  /** Runs the block of a page that holds a text against `rx-phoenix serve`, with more code that shows it at work behind it. */
  const ran = (
    page: string,
    about: string,
    more = '',
    channels: SocketDefinition['channels'] = {},
  ): Promise<Ended> =>
    withPrograms(page, async (files) => {
      const app = demoApp()
      const { server } = await start({ ...app, channels: { ...app.channels, ...channels } })
      const file = files.find((each) => readFileSync(each, 'utf8').includes(about)) ?? ''
      const code = readFileSync(file, 'utf8').replace('ws://localhost:4000', server.url)
      writeFileSync(file, `${code}\n${more}`)
      return runScript(file).ended
    })

  /** Somebody says something in the room of the program. */
  const say = "lobby.push('new_msg', { body: 'hello' }).subscribe()"

  it.each<[string, string, string, RegExp, SocketDefinition['channels']?]>([
    ['a script on Node', 'take(3)', '', /^\[\n  { id: 1, .*\n  { id: 2, .*\n  { id: 3, .*\n\]$/m],
    [
      'React',
      'observable-hooks',
      "import { renderToString } from 'react-dom/server'\nconsole.log(renderToString(createElement(Line)))",
      /^<p>idle.*nothing yet<\/p>$/m,
    ],
    [
      'Vue',
      'onScopeDispose',
      `import { effectScope, watch } from 'vue'
       const scope = effectScope()
       scope.run(() => watch(useLine(), (line) => { console.log(line); scope.stop() }, { flush: 'sync' }))
       ${say}`,
      /body: 'hello'/,
    ],
    [
      'Svelte',
      'startWith(',
      `const seen = []
       const stop = line.subscribe((value) => { if (seen.push(value) === 2) queueMicrotask(() => { console.log(JSON.stringify(seen)); stop.unsubscribe() }) })
       ${say}`,
      /^\["nothing yet","hello"\]$/m,
    ],
    [
      'going on after the last seen id',
      'last_seen_id',
      'feed.subscribe({ complete: () => console.log(stored) })',
      /^42$/m,
      {
        'room:*': {
          join: (params, self) => {
            self.send((params as { last_seen_id: number | null }).last_seen_id)
          },
          handleInfo: (after, self) => {
            self.push('new_msg', { id: (after as number | null) === null ? 41 : 42 })
            return after === null ? stop({ error: 'crash' }) : stop('normal')
          },
        },
      },
    ],
    ['no faster than the line', 'highWaterMark', '', /^all handed over$/m],
    [
      'many channels',
      'channelsPerConnection',
      `let left = 1_000
       const all = from(topics).pipe(mergeMap((topic) => socket.channel(topic).on('tick')))
         .subscribe(() => { if (--left === 0) process.stdout.write('all\\n', () => process.exit()) })`,
      /^all$/m,
    ],
  ])(
    '%s',
    async (_, about, more, expected, channels = {}) => {
      const { code, stdout, stderr } = await ran('recipes.md', about, more, channels)
      expect(stderr).toBe('')
      expect(stdout).toMatch(expected)
      expect(code).toBe(0)
    },
    60_000,
  )

  it.each<[string, string, string, RegExp]>([
    ['scripts.md', "push('echo'", '', /^\{ n: 1 \}$/],
    ['scripts.md', 'whenJoined(', '', /^\{ from: 'guest-1', body: 'hello', id: 1 \}$/],
    ['scripts.md', 'eachValue(', '', /^(\{ id: \d, at: '.*' \}\n){4}\{ id: 5, at: '.*' \}$/],
    [
      'scripts.md',
      'TaskEither',
      "console.log(await pipe(taskOf(lobby.push('unknown')), TE.match(({ _tag }) => _tag, () => 'ok'))())",
      /^posted\nPushRefused$/,
    ],
    [
      'presence.md',
      'present.joins$',
      "present.pipe(takeWhile(({ size }) => size === 0, true)).subscribe({ complete: () => process.stdout.write('', () => process.exit()) })\nimport { takeWhile } from 'rxjs'",
      /^(ann is here 1 times|ann came with .*)$/m,
    ],
    ['presence.md', 'online_at', 'setTimeout(() => process.exit(), 1_000)', /^ann since \d{4}-/m],
    ['presence.md', 'syncDiff(', '', /^bob changed$/],
    [
      'live-state.md',
      "'live-state' })",
      "state.select('clicks').subscribe((clicks) => clicks === 1 && process.stdout.write('', () => process.exit()))",
      /^0 clicks\n1 clicks$/,
    ],
    [
      'live-state.md',
      'optimistic(',
      "state.version$.subscribe((version) => version > 0 && process.stdout.write('', () => process.exit()))",
      /^0 clicks\n1 clicks$/,
    ],
    [
      'seeing-inside.md',
      'inspect(socket)',
      '',
      /"connections": \[\s+\{\s+"number": 1,\s+"state": \{\s+"status": "idle"/,
    ],
    [
      'browsers.md',
      'fakePage()',
      'setTimeout(() => process.stdout.write("", () => process.exit()))',
      /^connecting\nopen\npaused\nconnecting\nopen$/,
    ],
  ])(
    'docs/%s: %s',
    async (page, about, more, expected) => {
      const { code, stdout, stderr } = await ran(page, about, more)
      expect(stderr).toBe('')
      expect(stdout.trim()).toMatch(expected)
      expect(code).toBe(0)
    },
    60_000,
  )

  it('docs/scripts.md: exits with the code that it chooses', async () => {
    const { code, stderr } = await ran('scripts.md', 'exitCode', '', {
      'clock:*': { join: () => error({ reason: 'no' }) },
    })
    expect(stderr).toContain('The server refused the join of "clock:utc": no')
    expect(code).toBe(77)
  }, 60_000)
})

describe('docs/README.md', () => {
  it('links to every guide', () => {
    const links = linksOf('README.md')
    const guides = readdirSync(docs).filter((name) => name.endsWith('.md') && name !== 'README.md')
    expect(guides.filter((name) => !links.includes(name))).toEqual([])
  })
})

describe('the guides', () => {
  it('link to files that exist', () => {
    const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    )
    const dead = pages.flatMap((page) =>
      linksOf(page)
        .filter((path) => !existsSync(join(docs, dirname(page), path)))
        .map((path) => `${page}: ${path}`),
    )
    expect(pages.length).toBeGreaterThan(20)
    expect(dead).toEqual([])
  })

  it('cite tests by titles that describe what is proved', () => {
    const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    )
    const bare = pages.flatMap((page) => bareTitles(textOf(page)).map((title) => `${page}: ${title}`))
    expect(bare).toEqual([])
    expect(bareTitles('| a | `a.spec.ts` › %s |\n| b | [b](../spec/b.spec.ts "does: %s") |\n')).toEqual([
      '%s',
      'does: %s',
    ])
  })

  it('describe every folder of lib in how-it-works', () => {
    const page = textOf('how-it-works.md')
    const folders = readdirSync(join(ROOT, 'lib'), { withFileTypes: true }).filter((each) =>
      each.isDirectory(),
    )
    expect(folders.map(({ name }) => `lib/${name}`).filter((name) => !page.includes(`\`${name}\``))).toEqual(
      [],
    )
    const files = [...page.matchAll(/`(lib\/[\w/-]+\.ts)`/g)].map(([, file = '']) => file)
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })
})

/** The cells of the rows of all tables, heads left out. */
function readPageRows(name: string): readonly (readonly string[])[] {
  return readPage(textOf(name)).rows.map(({ cells }) => cells)
}

function linksOf(name: string): readonly string[] {
  const prose = textOf(name).replaceAll(/```.*?```/gs, '')
  return [...prose.matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)\s]*)?(?: "|\))/g)].map(([, path = '']) => path)
}

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof Error
}
