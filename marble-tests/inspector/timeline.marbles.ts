import { EMPTY, type Observable, type SchedulerLike } from 'rxjs'
import { isRight } from 'fp-ts/Either'
import { phoenixSocket, type PhoenixSocket, traceTo } from '../../lib/index.ts'
import { type Lane } from '../../lib/inspector/lane.ts'
import { sessionOf } from '../../lib/inspector/session-of.ts'
import { Timeline } from '../../lib/inspector/timeline.ts'
import { traceOf } from '../../lib/inspector/trace-of.ts'
import {
  answerBy,
  broadcast,
  errorTo,
  type FakePhoenix,
  type MarbleHelpers,
  okTo,
  parseSession,
  pushed,
  runMarbles,
} from '../../lib/testing/index.ts'
import { catchError, delay, merge, mergeMap, NEVER, of, timer } from 'rxjs'

/** The timeline of a socket that is used for so long. */
const timelineOf = (
  serve: (helpers: MarbleHelpers) => FakePhoenix,
  use: (socket: PhoenixSocket, scheduler: SchedulerLike) => Observable<unknown>,
  forMs: number,
  timeline = new Timeline(),
): Timeline => {
  runMarbles((helpers, scheduler) => {
    const socket = phoenixSocket('ws://localhost/socket', {
      transport: serve(helpers).transport,
      scheduler,
      heartbeatIntervalMs: 0,
      reconnect: () => 5,
      rejoin: () => 5,
      trace: traceTo((event) => {
        timeline.add(event)
      }),
    })
    helpers.expectObservable(use(socket, scheduler).pipe(mergeMap(() => EMPTY)), `^ ${forMs}ms !`).toBe('')
  })
  return timeline
}

const lane = (timeline: Timeline, name: string): Lane => {
  const found = timeline.lanes.find((each) => each.name === name)
  if (!found) throw new Error(`no lane ${name}`)
  return found
}

const spans = (each: Lane): string[] =>
  [...each.spans].map(({ status, fromMs, untilMs }) => `${status} ${fromMs}-${untilMs ?? ''}`)

describe('Timeline', () => {
  it('shows the states of the connection and of a channel as spans', () => {
    const timeline = timelineOf(
      ({ phoenix }) => phoenix(['o 9ms #', '-o']),
      (socket) => socket.channel('room:a'),
      30,
    )

    expect(spans(lane(timeline, '1'))).toEqual([
      'connecting 0-0',
      'open 0-10',
      'waiting 10-15',
      'connecting 15-16',
      'open 16-31',
      'idle 31-',
    ])
    expect(spans(lane(timeline, 'room:a'))).toEqual([
      'waiting 0-0',
      'joining 0-0',
      'joined 0-10',
      'waiting 10-16',
      'joining 16-16',
      'joined 16-31',
      'idle 31-',
    ])
  })

  it('shows a push from its start to its reply, with both frames and the outcome', () => {
    const timeline = timelineOf(
      ({ phoenix }) =>
        phoenix(
          '---o',
          {},
          {
            answer: answerBy({
              phx_join: (message) => of(okTo(message)),
              save: (message) => of(okTo(message, { id: 1 })).pipe(delay(4)),
              shout: (message) => of(errorTo(message, { reason: 'muted' })),
              lost: () => NEVER,
            }),
          },
        ),
      (socket) => {
        const room = socket.channel('room:a')
        return merge(
          room,
          ...['save', 'shout', 'lost'].map((event) =>
            room.push(event, { event }).pipe(catchError(() => EMPTY)),
          ),
        )
      },
      20,
    )

    const marks = [...lane(timeline, 'room:a').marks]
    expect(marks.map(({ label, atMs, untilMs, outcome }) => [label, atMs, untilMs, outcome])).toEqual([
      ['save', 0, 7, 'ok'],
      ['shout', 0, 3, 'PushRefused'],
      ['lost', 0, 21, 'abandoned'],
      ['join', 3, 3, 'ok'],
      ['leave', 21, 21, undefined],
      ['phx_close', 21, undefined, undefined],
    ])
    expect(marks[0]?.sent?.frame).toContain('{"event":"save"}')
    expect(marks[0]?.received?.frame).toContain('{"id":1}')
    expect(marks[2]?.received).toBeUndefined()
  })

  it('shows events, dropped messages and frames that cannot be read', () => {
    const timeline = timelineOf(
      ({ phoenix }) =>
        phoenix('o--abc', {
          a: broadcast('room:a', 'news', { n: 1 }),
          b: pushed('room:a', '99', 'old', {}),
          c: { raw: 'no JSON' },
        }),
      (socket) => socket.channel('room:a').on('news'),
      10,
    )

    expect(
      [...lane(timeline, 'room:a').marks]
        .filter(({ kind }) => kind === 'event')
        .map(({ label, outcome }) => [label, outcome]),
    ).toEqual(
      expect.arrayContaining([
        ['news', undefined],
        ['old', 'dropped: stale join_ref'],
      ]),
    )
    expect([...lane(timeline, '1').marks].map(({ kind, label, atMs }) => [kind, label, atMs])).toEqual([
      ['failure', 'DecodeFailed', 5],
    ])
  })

  it('counts the presences of a topic', () => {
    const meta = (ref: string) => ({ metas: [{ phx_ref: ref }] })
    const timeline = timelineOf(
      ({ phoenix }) =>
        phoenix('o-s--d-l', {
          s: broadcast('room:a', 'presence_state', { ann: meta('1') }),
          d: broadcast('room:a', 'presence_diff', { joins: { bob: meta('2'), cid: meta('3') }, leaves: {} }),
          l: broadcast('room:a', 'presence_diff', { joins: {}, leaves: { ann: meta('1') } }),
        }),
      (socket) => socket.channel('room:a'),
      10,
    )

    expect([...lane(timeline, 'room:a').counts]).toEqual([
      { atMs: 2, count: 1 },
      { atMs: 5, count: 3 },
      { atMs: 7, count: 2 },
    ])
  })

  it('drops the oldest events beyond its bound, and says how many', () => {
    const timeline = timelineOf(
      ({ phoenix }) => phoenix(),
      (socket, scheduler) =>
        timer(0, 1, scheduler).pipe(mergeMap((n) => socket.channel('room:a').send('n', { n }))),
      1_000,
      new Timeline({ maxEvents: 100 }),
    )

    expect(timeline.events.length).toBeLessThanOrEqual(100)
    expect(timeline.dropped).toBeGreaterThan(900)
    const { fromMs, toMs } = timeline
    for (const { marks, spans: kept } of timeline.lanes) {
      expect([...marks].every(({ atMs }) => atMs >= fromMs && atMs <= toMs)).toBe(true)
      expect([...kept].every(({ untilMs }) => untilMs === undefined || untilMs >= fromMs)).toBe(true)
    }
  })

  it('saves a session that shows the same when it is loaded', () => {
    const timeline = timelineOf(
      ({ phoenix }) => phoenix(['o--a---#', 'o'], { a: broadcast('room:a', 'news', { n: 1 }) }),
      (socket) => {
        const room = socket.channel('room:a')
        return merge(room, room.push('save', { id: 1 }))
      },
      20,
    )

    const session = parseSession(sessionOf(timeline.events))
    if (!isRight(session)) throw new Error(session.left.reason)
    const loaded = new Timeline()
    for (const event of traceOf(session.right)) loaded.add(event)

    // A recording has frames only: there a push begins when it is sent, behind the join that it waited for.
    const shown = (of: Timeline) =>
      [...lane(of, 'room:a').marks].map(({ label, outcome }) => `${label} ${outcome ?? ''}`).sort()
    expect(shown(loaded)).toEqual(shown(timeline))
    expect(spans(lane(loaded, '1')).map((span) => span.split(' ')[0])).toEqual([
      'open',
      'waiting',
      'open',
      'idle',
    ])
  })
})
