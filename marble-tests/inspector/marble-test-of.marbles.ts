import * as rx from 'rxjs'
import { type SchedulerLike } from 'rxjs'
import ts from 'typescript'
import { phoenixSocket, traceTo } from '../../lib/index.ts'
import { Lane } from '../../lib/inspector/lane.ts'
import { filterOf } from '../../lib/inspector/filter.ts'
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

/** What is copied if all of the lobby is selected. */
const copiedFrom = (timeline: Timeline): string => {
  const lane = timeline.lanes.find(({ name }) => name === 'room:lobby')
  return marbleTestOf(
    { lane: lane ?? new Lane('channel', 'room:lobby'), fromMs: 0, toMs: Infinity },
    filterOf('', ''),
  )
}

/** Runs a test as it was copied: its imports are those of the package. */
const runPasted = (test: string): void => {
  const body = ts.transpile(test.replaceAll(/^import .*$/gm, ''), { target: ts.ScriptTarget.ES2022 })
  const scope: Record<string, unknown> = { ...rx, ...testing, phoenixSocket }
  // Of all names only those that the imports of the test name.
  const names = Array.from(test.matchAll(/^import \{ (.*) \} from/gm), ([, list = '']) =>
    list.split(', ').filter((name) => !name.startsWith('type ')),
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
    runPasted(copiedFrom(busy()))
  })

  it('makes a test that fails when the client does something else', () => {
    const test = copiedFrom(busy())
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
    runPasted(copiedFrom(crowd))
  })

  it('keeps keys that would set a prototype', () => {
    const odd = recorded(
      (phoenix) =>
        phoenix('o---a', {
          a: { ...broadcast('room:lobby', 'news'), payload: JSON.parse('{"__proto__":{"x":1}}') as unknown },
        }),
      [],
    )
    const test = copiedFrom(odd)
    expect(test).toContain('{["__proto__"]:{"x":1}}')
    runPasted(test)
  })

  it('makes a test of a topic on which nothing happened', () => {
    runPasted(copiedFrom(new Timeline()))
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
    runPasted(copiedFrom(many))
  })
})
