import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type SchedulerLike } from 'rxjs'
import { catchError, delay, EMPTY, ignoreElements, merge, mergeMap, NEVER, of, timer } from 'rxjs'
import { phoenixSocket, traceTo } from '../../lib/index.ts'
import { marbleTestOf } from '../../lib/inspector/marble-test-of.ts'
import { Timeline } from '../../lib/inspector/timeline.ts'
import { answerBy, broadcast, errorTo, okTo, runMarbles } from '../../lib/testing/index.ts'
import { compile, problemsIn } from '../docs/compile.ts'
import { type Ended, ROOT, runScript } from '../support/run-script.ts'

/** A test as it is copied, of a client that pushes while the server broadcasts. */
const copied = (): string => {
  const timeline = new Timeline()
  runMarbles(({ expectObservable, phoenix }, scheduler: SchedulerLike) => {
    const server = phoenix(
      'o 9ms a 4ms b--c',
      {
        a: broadcast('room:lobby', 'new_msg', { body: 'hello' }),
        b: broadcast('room:lobby', 'typing', { name: 'bob' }),
        c: broadcast('room:lobby', 'new_msg', { body: 'it’s "quoted"\n`${1}` \u2028' }),
      },
      {
        answer: answerBy(
          {
            phx_join: (message) => of(okTo(message)),
            save: (message) => of(okTo(message, { id: 7, token: 'hush' })).pipe(delay(5)),
            shout: (message) => of(errorTo(message, { reason: 'muted' })),
            lost: () => NEVER,
          },
          0,
        ),
      },
    )
    const channel = phoenixSocket('ws://localhost/socket', {
      transport: server.transport,
      scheduler,
      heartbeatIntervalMs: 0,
      trace: traceTo((event) => {
        timeline.add(event)
      }),
    }).channel('room:lobby')
    const pushAt = (atMs: number, event: string, payload: unknown) =>
      timer(atMs, scheduler).pipe(
        mergeMap(() => channel.push(event, payload)),
        catchError(() => EMPTY),
      )
    const all$ = merge(
      channel.messages$,
      pushAt(3, 'save', { text: 'x', password: 'hush' }),
      pushAt(10, 'shout', {}),
      pushAt(12, 'lost', { n: 1 }),
      pushAt(13, 'save', Uint8Array.of(1, 2, 3)),
    )
    expectObservable(all$.pipe(ignoreElements()), '^ 200ms !').toBe('')
  })
  const marks = timeline.lanes.filter(({ name }) => name === 'room:lobby').flatMap(({ marks }) => [...marks])
  return marbleTestOf('room:lobby', marks)
}

describe('a marble test that was copied from the inspector', () => {
  let folder: string
  let file: string
  const run = async (text: string): Promise<Ended> => {
    await writeFile(file, text)
    return runScript(file).ended
  }

  beforeAll(async () => {
    // Within the project, so that `rx-phoenix` is found.
    await mkdir(join(ROOT, 'temp'), { recursive: true })
    folder = await mkdtemp(join(ROOT, 'temp/pasted-'))
    file = join(folder, 'pasted.ts')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('passes as pasted into a file', async () => {
    expect(await run(copied())).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('compiles in strict mode', async () => {
    await writeFile(file, copied())
    expect(problemsIn(compile([file]), file)).toEqual([])
  })

  it('fails once the client or the server does something else', async () => {
    const test = copied()
    for (const [from, to] of [
      ['"save"', '"keep"'],
      ['"hello"', '"goodbye"'],
    ] as const) {
      const changed = test.replace(from, to)
      expect(changed).not.toBe(test)
      const { code, stderr } = await run(changed)
      expect(code).toBe(1)
      expect(stderr).toContain('diagram')
    }
  })

  it('holds no secret, and says what stands for bytes', () => {
    const test = copied()
    expect(test).not.toContain('hush')
    expect(test).toContain('[redacted]')
    expect(test).toContain('// Bytes are not in a trace')
  })
})
