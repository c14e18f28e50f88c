import * as rx from 'rxjs'
import { type SchedulerLike } from 'rxjs'
import ts from 'typescript'
import { phoenixSocket, traceTo } from '../../lib/index.ts'
import { type Mark } from '../../lib/inspector/lane.ts'
import { marbleTestOf } from '../../lib/inspector/marble-test-of.ts'
import { Timeline } from '../../lib/inspector/timeline.ts'
import * as testing from '../../lib/testing/index.ts'
import {
  answerBy,
  broadcast,
  errorTo,
  type MarblePhoenix,
  okTo,
  runMarbles,
} from '../../lib/testing/index.ts'

const { concat, delay, mergeMap, NEVER, of, timer } = rx

/** The timeline of a client that makes some pushes while the server says some things. */
const recorded = (
  server: (phoenix: MarblePhoenix) => testing.FakePhoenix,
  pushes: readonly [atMs: number, event: string, payload: unknown][],
): Timeline => {
  const timeline = new Timeline()
  runMarbles(({ expectObservable, phoenix }, scheduler: SchedulerLike) => {
    const channel = phoenixSocket('ws://localhost/socket', {
      transport: server(phoenix).transport,
      scheduler,
      heartbeatIntervalMs: 0,
      trace: traceTo((event) => {
        timeline.add(event)
      }),
    }).channel('room:lobby')
    const acting$ = rx.merge(
      channel.messages$,
      ...pushes.map(([atMs, event, payload]) =>
        timer(atMs, scheduler).pipe(
          mergeMap(() => channel.push(event, payload)),
          rx.catchError(() => rx.EMPTY),
        ),
      ),
    )
    expectObservable(acting$.pipe(rx.ignoreElements()), '^ 200ms !').toBe('')
  })
  return timeline
}

const marksOf = (timeline: Timeline, topic = 'room:lobby'): readonly Mark[] =>
  timeline.lanes.filter(({ name }) => name === topic).flatMap(({ marks }) => [...marks])

/** Runs a test as it was copied: its imports are those of the package. */
const runPasted = (test: string): void => {
  const body = ts.transpile(test.replaceAll(/^import .*$/gm, ''), { target: ts.ScriptTarget.ES2022 })
  const scope: Record<string, unknown> = { ...rx, ...testing, phoenixSocket }
  // Of all names only those that the imports of the test name.
  const names = Array.from(test.matchAll(/^import \{ (.*) \} from/gm), ([, list = '']) =>
    list.split(', '),
  ).flat()
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the subject: text that has to run
  const run = new Function(...names, body) as (...values: unknown[]) => void
  run(...names.map((name) => scope[name]))
}

const busy = (): Timeline =>
  recorded(
    (phoenix) =>
      phoenix(
        'o 9ms a 4ms b--c',
        {
          a: broadcast('room:lobby', 'new_msg', { body: 'hello', from: 'ann' }),
          b: broadcast('room:lobby', 'typing', { who: 'bob' }),
          c: broadcast('room:lobby', 'new_msg', { body: 'it’s "quoted"\n', __proto__: undefined }),
        },
        {
          answer: answerBy(
            {
              phx_join: (message) => of(okTo(message)),
              save: (message) => of(okTo(message, { id: 7 })).pipe(delay(5)),
              shout: (message) => of(errorTo(message, { reason: 'muted' })),
              lost: () => NEVER,
            },
            0,
          ),
        },
      ),
    [
      [3, 'save', { text: 'x' }],
      [10, 'shout', {}],
      [12, 'lost', { n: 1 }],
    ],
  )

describe('marbleTestOf', () => {
  it('makes a test that passes as pasted', () => {
    runPasted(marbleTestOf('room:lobby', marksOf(busy())))
  })

  it('makes a test that fails when the client does something else', () => {
    const test = marbleTestOf('room:lobby', marksOf(busy()))
    expect(() => {
      runPasted(test.replace('channel.on("typing")', 'channel.on("writing")'))
    }).toThrow(/typing|diagram/)
    expect(() => {
      runPasted(test.replace('pushAt(1, "save"', 'pushAt(2, "save"'))
    }).toThrow(/diagram/)
  })

  it('gives each moment a millisecond of its own', () => {
    const crowd = recorded(
      (phoenix) => phoenix('o----(aaa)', { a: broadcast('room:lobby', 'news', { n: 1 }) }),
      [
        [5, 'save', {}],
        [5, 'save', {}],
      ],
    )
    runPasted(marbleTestOf('room:lobby', marksOf(crowd)))
  })

  it('keeps keys that would set a prototype', () => {
    const odd = recorded(
      (phoenix) =>
        phoenix('o---a', {
          a: { ...broadcast('room:lobby', 'news'), payload: JSON.parse('{"__proto__":{"x":1}}') as unknown },
        }),
      [],
    )
    const test = marbleTestOf('room:lobby', marksOf(odd))
    expect(test).toContain('{["__proto__"]:{"x":1}}')
    runPasted(test)
  })

  it('makes a test of a topic on which nothing happened', () => {
    runPasted(marbleTestOf('room:lobby', []))
  })

  it('has letters for more than the alphabet', () => {
    const many = recorded(
      (phoenix) => ({
        ...phoenix(
          'o',
          {},
          {
            answer: (message) =>
              message.event === 'phx_join'
                ? concat(
                    of(okTo(message)),
                    ...Array.from({ length: 80 }, (_, n) => of(broadcast('room:lobby', 'tick', { n }))),
                  )
                : testing.answerOk(message),
          },
        ),
      }),
      [],
    )
    runPasted(marbleTestOf('room:lobby', marksOf(many)))
  })
})
