import { left, right } from 'fp-ts/Either'
import {
  concat,
  delay,
  EMPTY,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  Subject,
  takeUntil,
} from 'rxjs'
import { type TraceEvent, traceTo } from '../../lib/index.ts'
import { liveState, type LiveState, type LiveStateOptions } from '../../lib/live-state/index.ts'
import { type FakePhoenixOptions, pushed } from '../../lib/testing/index.ts'
import { answers, saying, socketOn } from '../support/channel.ts'
import { countingScheduler } from '../support/counting-scheduler.ts'
import { run } from '../support/run.ts'
import { type Counter, lvs, seance } from './support.ts'

const n = map((state: Counter) => String(state.n))
const letter = map((status: string) => status.charAt(0))

/** What the client sent: `J` a join, `L` a leave, `r` a refresh. */
const given = (
  dialect: 'seance' | 'live-state',
  fake: FakePhoenixOptions,
  options: Partial<LiveStateOptions<Counter>> = {},
): { readonly state: LiveState<Counter>; readonly sent$: Observable<string> } => {
  const { socket, sent$ } = socketOn(fake)
  const state = liveState<Counter>(socket.channel('room:a'), { dialect, repairTimeoutMs: 5, ...options })
  return { state, sent$: sent$.pipe(map((event) => event.replace('lvs_refresh', 'r'))) }
}

/** Answers a refresh 2 ms later with the state of this number, or never. */
const refreshed = (number?: number): NonNullable<FakePhoenixOptions['answer']> =>
  answers({
    phx_join: lvs.joins(0, 7),
    lvs_refresh: ({ joinRef }) =>
      number === undefined ? EMPTY : of(lvs.whole(number, number, joinRef ?? '')).pipe(delay(2)),
  })

describe.each([
  ['a gap in the versions', lvs.patch(3)],
  ['a patch that does not apply', lvs.patchOf(2, [{ op: 'remove', path: '/x' }])],
  ['a patch of the wrong shape', pushed('room:a', '1', 'state:patch', { patch: [] })],
  ['a state of the wrong shape', pushed('room:a', '1', 'state:change', { version: 1 })],
])('repair after %s', (_case, bad) => {
  it('asks once for the whole state, and keeps the last good one, stale, until it comes', () => {
    run(({ cold, expectObservable }) => {
      const server = '     -1-b2--3--'
      const subscribed = ' ^--------!'
      const { state, sent$ } = given('live-state', {
        link: () => saying(cold(server, { 1: lvs.patch(1), b: bad, 2: lvs.patch(2), 3: lvs.patch(6) })),
        answer: refreshed(5),
      })

      expectObservable(sent$).toBe('J--r-----L')
      expectObservable(state.pipe(n), subscribed).toBe('01---5-6')
      expectObservable(state.status$.pipe(letter), '-^-------!').toBe('-l-s-l')
    })
  })

  it('rejoins once if no whole state comes in time', () => {
    run(({ cold, expectObservable }) => {
      const server = '     -1-b2---------'
      const subscribed = ' ^------------!'
      const { state, sent$ } = given('live-state', {
        link: () => saying(cold(server, { 1: lvs.patch(1), b: bad, 2: lvs.patch(2) })),
        answer: refreshed(),
      })

      expectObservable(sent$).toBe('J--r----(LJ)-L')
      expectObservable(state.pipe(n), subscribed).toBe('01------7')
      expectObservable(state.status$.pipe(letter), '-^-----------!').toBe('-l-s----l')
    })
  })
})

describe('repair', () => {
  it('rejoins immediately if the dialect has no refresh', () => {
    run(({ cold, expectObservable }) => {
      const server = '     -1-3---------'
      const { state, sent$ } = given('seance', {
        link: () => saying(cold(server, { 1: seance.patch(1), 3: seance.patch(3) })),
        answer: answers({ phx_join: seance.joins(0, 7) }),
      })

      expectObservable(sent$).toBe('J--(LJ)--L')
      expectObservable(state.pipe(n), '^--------!').toBe('01-7')
    })
  })

  it('is due for a patch before any state', () => {
    run(({ cold, expectObservable }) => {
      const { state, sent$ } = given('live-state', {
        link: () => saying(cold('-1', { 1: lvs.patch(1) })),
        answer: (message) =>
          message.event === 'phx_join' ? answers()(message, 0) : refreshed(5)(message, 0),
      })

      expectObservable(sent$).toBe('Jr----L')
      expectObservable(state.status$.pipe(letter), '^-----!').toBe('l--l')
      expectObservable(state.pipe(n), '^-----!').toBe('---5')
    })
  })

  it('ends with the join: a new one brings a new state, and no timer stays', () => {
    run(({ cold, expectObservable, flush }, scheduler) => {
      const counting = countingScheduler(scheduler)
      const { socket, sent$ } = socketOn(
        { link: () => saying(cold('-3', { 3: lvs.patch(3) })), answer: refreshed() },
        { scheduler: counting },
      )
      const state = liveState<Counter>(socket.channel('room:a'), { dialect: 'live-state' })

      expectObservable(sent$).toBe('Jr-L', { J: 'J', r: 'lvs_refresh', L: 'L' })
      expectObservable(state.pipe(n), '^--!').toBe('0')
      flush()
      expect(counting.pending()).toBe(0)
    })
  })

  it('waits longer each time if it does not help', () => {
    run(({ cold, expectObservable }) => {
      // Every join is followed by a patch that does not fit.
      const misfit = cold('10ms p')
      const sent = '       J 9ms (LJ) 1006ms (LJ) 2006ms (LJ) 4006ms (LJ) 8006ms (LJ) 4946ms L'
      const sick = seance.joins(0)
      const { state, sent$ } = given('seance', {
        answer: answers({
          phx_join: (message) =>
            merge(sick(message), misfit.pipe(map(() => seance.patch(5, message.joinRef ?? '')))),
        }),
      })
      expectObservable(sent$).toBe(sent)
      expectObservable(state.version$.pipe(map((each: unknown) => String(each))), '^ 19999ms !').toBe('0')
    })
  })

  it('waits no longer than 30 s', () => {
    run(({ expectObservable }) => {
      // Every join brings a patch that does not fit.
      const sick = seance.joins(0)
      const { state, sent$ } = given('seance', {
        answer: answers({
          phx_join: (message) => concat(sick(message), of(seance.patch(5, message.joinRef ?? ''))),
        }),
      })
      expectObservable(sent$).toBe(
        '(JLJ) 995ms (LJ) 1996ms (LJ) 3996ms (LJ) 7996ms (LJ) 15996ms (LJ) 29996ms (LJ) 29996ms (LJ) 8996ms L',
      )
      expectObservable(state.pipe(ignoreElements()), '^ 99999ms !').toBe('')
    })
  })

  it('starts with the first wait again after a quiet minute, and not before', () => {
    run(({ cold, expectObservable }) => {
      // Each patch that does not fit is repaired by the answer to the refresh. The second waits 1 s; the third comes
      // 59.5 s after that wait and waits 2 s; the last comes 60,001 ms after that one and does not wait.
      const server = '     -b 1s b 60499ms b 62s b'
      const { state, sent$ } = given('live-state', {
        link: () => saying(cold(server, { b: lvs.patch(33) })),
        answer: answers({
          phx_join: lvs.joins(0),
          lvs_refresh: ({ joinRef }) => of(lvs.whole(5, 5, joinRef ?? '')),
        }),
      })
      expectObservable(sent$).toBe('Jr 2s r 61499ms r 60s r 6497ms L')
      expectObservable(state.pipe(ignoreElements()), '^ 130s !').toBe('')
    })
  })

  it('lets a whole state that comes while it waits be the cure', () => {
    run(({ cold, expectObservable }) => {
      const server = '     -3--3-s----'
      const { state, sent$ } = given('live-state', {
        link: () => saying(cold(server, { 3: lvs.patch(33), s: lvs.whole(9, 9) })),
        answer: refreshed(5),
      })

      expectObservable(sent$).toBe('Jr 1999ms L')
      expectObservable(state.pipe(n), '^ 2000ms !').toBe('0--5--9')
    })
  })

  it('is not due for the wrap after the maximum that the options give, but for a gap after it', () => {
    run(({ cold, expectObservable }) => {
      const server = '     123012304'
      const patches = Object.fromEntries([0, 1, 2, 3, 4].map((version) => [version, lvs.patch(version)]))
      const fake = { link: () => saying(cold(`-${server}`, patches)), answer: refreshed(5) }
      const { state, sent$ } = given('live-state', fake, { maxVersion: 3 })

      expectObservable(sent$).toBe('J--------r----L')
      expectObservable(state.pipe(n), '^-------------!').toBe('012301230--5')
    })
  })

  it('follows a state that the decoder rejects, which is traced', () => {
    run(({ cold, expectObservable, flush }) => {
      const traced: TraceEvent[] = []
      const { socket, sent$ } = socketOn(
        { link: () => saying(cold('-1-2', { 1: lvs.patch(1), 2: lvs.patch(2) })), answer: refreshed(8) },
        { trace: traceTo((event) => traced.push(event)) },
      )
      const decode = (state: unknown) =>
        (state as Counter).n === 2 ? left('two is too much') : right(`<${(state as Counter).n}>`)
      const state = liveState<string>(socket.channel('room:a'), { dialect: 'live-state', decode })

      expectObservable(sent$).toBe('J--r---L', { J: 'J', r: 'lvs_refresh', L: 'L' })
      expectObservable(state, '^------!').toBe('01---8', { 0: '<0>', 1: '<1>', 8: '<8>' })
      expectObservable(state, '----^--!').toBe('----18', { 1: '<1>', 8: '<8>' })
      expectObservable(state.status$.pipe(letter), '--^----!').toBe('--ls-l')
      flush()
      expect(traced.filter(({ type }) => type === 'decode-failed')).toMatchObject([
        {
          error: { _tag: 'DecodeFailed', event: 'state:change', error: 'two is too much', frame: '{"n":2}' },
        },
      ])
    })
  })
})

describe('refresh', () => {
  it('asks for the whole state by the word of the dialect', () => {
    run(({ expectObservable }) => {
      const { state, sent$ } = given('live-state', { answer: refreshed(5) })

      expectObservable(sent$).toBe('J-r--L')
      expectObservable(state.pipe(n), '^----!').toBe('0---5')
      expectObservable(state.refresh(), '--^--!').toBe('--|')
    })
  })

  it('rejoins if the dialect has no refresh, and keeps the state meanwhile', () => {
    run(({ expectObservable }) => {
      const { state, sent$ } = given('seance', { answer: answers({ phx_join: seance.joins(0, 7) }, 2) })

      expectObservable(sent$).toBe('J---(LJ)--L')
      expectObservable(state.pipe(n), '        ^---------!').toBe('--0---7')
      expectObservable(state.pipe(n), '        -----^----!').toBe('-----07')
      expectObservable(state.status$.pipe(letter), '^---------!').toBe('l-l-s-l')
      expectObservable(state.refresh(), '        ----^!').toBe('    ----|')
    })
  })
})

describe('S16: unsubscribing during the leave of a repair', () => {
  it('does not have the channel joined again', () => {
    run(({ cold, expectObservable, flush }, scheduler) => {
      const stop$ = new Subject<void>()
      const trace = (event: TraceEvent): void => {
        if (event.type === 'frame-out' && event.message?.event === 'phx_leave') stop$.next()
      }
      const { socket, sent$ } = socketOn(
        { link: () => saying(cold('--b', { b: lvs.patch(3) })), answer: refreshed() },
        { scheduler, trace: traceTo(trace) },
      )
      const state$ = liveState<Counter>(socket.channel('room:a'), {
        dialect: 'live-state',
        repairTimeoutMs: 5,
      })

      expectObservable(sent$).toBe('J-r----L', { J: 'J', r: 'lvs_refresh', L: 'L' })
      expectObservable(socket.pipe(ignoreElements()), '^-------------!').toBe('')
      expectObservable(state$.pipe(ignoreElements(), takeUntil(stop$))).toBe('-------|')
      flush()
      expect(scheduler.actions).toEqual([])
    })
  })
})
