import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Observable, type SchedulerLike } from 'rxjs'
import { catchError, delay, EMPTY, ignoreElements, merge, mergeMap, NEVER, of, timer } from 'rxjs'
import { phoenixSocket, traceTo } from '../../lib/index.ts'
import { filterOf } from '../../lib/inspector/filter.ts'
import { marbleTestOf } from '../../lib/inspector/marble-test-of.ts'
import { Timeline } from '../../lib/inspector/timeline.ts'
import {
  answerBy,
  broadcast,
  crashed,
  errorTo,
  type FakePhoenix,
  type MarblePhoenix,
  okTo,
  runMarbles,
} from '../../lib/testing/index.ts'
import { compile, problemsIn } from '../docs/compile.ts'
import { type Ended, ROOT, runScript } from '../support/run-script.ts'

type PushAt = (atMs: number, event: string, payload: unknown) => Observable<unknown>

/** The marble test that is copied of all that happened to a client in the first 200 ms. */
const copiedFrom = (
  serve: (phoenix: MarblePhoenix) => FakePhoenix,
  use: (pushAt: PushAt) => readonly Observable<unknown>[],
): string => {
  const timeline = new Timeline()
  runMarbles(({ expectObservable, phoenix }, scheduler: SchedulerLike) => {
    const channel = phoenixSocket('ws://localhost/socket', {
      transport: serve(phoenix).transport,
      scheduler,
      heartbeatIntervalMs: 0,
      reconnect: () => 20,
      rejoin: () => 5,
      trace: traceTo((event) => {
        timeline.add(event)
      }),
    }).channel('room:lobby')
    const pushAt: PushAt = (atMs, event, payload) =>
      timer(atMs, scheduler).pipe(
        mergeMap(() => channel.push(event, payload)),
        catchError(() => EMPTY),
      )
    const all$ = merge(channel.messages$, ...use(pushAt))
    expectObservable(all$.pipe(ignoreElements()), '^ 200ms !').toBe('')
  })
  const lane = timeline.lanes.find(({ name }) => name === 'room:lobby')
  if (!lane) throw new Error('The channel has no lane.')
  return marbleTestOf({ lane, fromMs: 0, toMs: Infinity }, filterOf('', ''))
}

const answer = answerBy(
  {
    phx_join: (message) => of(okTo(message)),
    save: (message) => of(okTo(message, { id: 7, token: 'hush' })).pipe(delay(5)),
    shout: (message) => of(errorTo(message, { reason: 'muted' })),
    lost: () => NEVER,
  },
  0,
)

/** Of a client that pushes while the server broadcasts. */
const copied = (): string =>
  copiedFrom(
    (phoenix) =>
      phoenix(
        'o 9ms a 4ms b--c',
        {
          a: broadcast('room:lobby', 'new_msg', { body: 'hello' }),
          b: broadcast('room:lobby', 'typing', { name: 'bob' }),
          c: broadcast('room:lobby', 'new_msg', { body: 'it’s "quoted"\n`${1}` \u2028' }),
        },
        {
          answer,
        },
      ),
    (pushAt) => [
      pushAt(3, 'save', { text: 'x', password: 'hush' }),
      pushAt(10, 'shout', {}),
      pushAt(12, 'lost', { n: 1 }),
      pushAt(13, 'save', Uint8Array.of(1, 2, 3)),
    ],
  )

/** Of a client whose channel crashes at 10 ms and whose connection is lost at 50 ms. */
const copiedTrouble = (): string =>
  copiedFrom(
    (phoenix) =>
      phoenix(
        ['o 9ms X 29ms b 9ms #', 'o-----a'],
        {
          X: (joinRefOf) => crashed('room:lobby', joinRefOf('room:lobby')),
          a: broadcast('room:lobby', 'new_msg', { body: 'after the outage' }),
          b: broadcast('room:lobby', 'new_msg', { body: 'before it' }),
        },
        { answer },
      ),
    (pushAt) => [
      pushAt(8, 'lost', { n: 1 }),
      pushAt(20, 'save', { text: 'x' }),
      pushAt(47, 'lost', { n: 2 }),
      pushAt(48, 'save', { text: 'y' }),
      pushAt(55, 'save', { text: 'waits for the rejoin' }),
      pushAt(80, 'lost', { n: 3 }),
    ],
  )

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

  it('repeats a crash of the channel and the loss of the connection, with their effect on pushes', async () => {
    const test = copiedTrouble()
    expect(await run(test)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(test).toContain('{"failed":"ChannelCrashed"}')
    expect(test.match(/\{"failed":"ConnectionLost"\}/g)).toHaveLength(2)
  })

  it.each([
    ['quiet line', copied],
    ['line with a crash and an outage', copiedTrouble],
  ])('compiles in strict mode: a %s', async (_, copy) => {
    await writeFile(file, copy())
    expect(problemsIn(compile([file]), file)).toEqual([])
  })

  it.each([
    ['the client pushes something else', copied, '"save"', '"keep"'],
    ['the server sends something else', copied, '"hello"', '"goodbye"'],
    ['the channel crashes at another time', copiedTrouble, /X(?=.*\{ \.\.\.messages)/, '--X'],
    ['the connection is lost at another time', copiedTrouble, '#"', '-#"'],
    ['the client takes longer to join again', copiedTrouble, 'rejoinAfterMs.shift()', '7'],
  ])('fails once %s', async (_, copy, from, to) => {
    const test = copy()
    const changed = test.replace(from, to)
    expect(changed).not.toBe(test)
    const { code, stderr } = await run(changed)
    expect(code).toBe(1)
    expect(stderr).toContain('diagram')
  })

  it('contains no secret, and a comment about the texts that stand for bytes', () => {
    const test = copied()
    expect(test).not.toContain('hush')
    expect(test).toContain('[redacted]')
    expect(test).toContain('// Bytes are not in a trace')
  })
})
