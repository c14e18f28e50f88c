import { ignoreElements, map, mergeMap, NEVER } from 'rxjs'
import { liveState, type LiveState, optimistic } from '../../lib/live-state/index.ts'
import { type FakePhoenixOptions } from '../../lib/testing/index.ts'
import { answers, cut, errorLike, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'
import { type Counter, seance } from './support.ts'

const n = map((state: Counter) => String(state.n))
const plus =
  (more: number) =>
  (state: Counter): Counter => ({ n: state.n + more })

const given = (fake: FakePhoenixOptions): LiveState<Counter> => {
  const { socket } = socketOn({ answer: answers({ phx_join: seance.joins(0, 7) }), ...fake })
  return liveState<Counter>(socket.channel('room:a'), { dialect: 'seance' })
}

describe('optimistic', () => {
  it('shows a change immediately, until the next version of the server', () => {
    run(({ cold, expectObservable }) => {
      const server = '     ------1--  '
      const dispatched = ' ---d-----  '
      const subscribed = ' ^--------!'
      const expected = '   0--5--1--  '
      const state = given({ link: () => saying(cold(server, { 1: seance.patch(1) })) })

      expectObservable(state.pipe(n), subscribed).toBe(expected)
      expectObservable(state.version$.pipe(map((each: unknown) => String(each))), subscribed).toBe('0-----1')
      expectObservable(state.pipe(n), '----^----!').toBe('----5-1')
      expectObservable(
        cold(dispatched).pipe(mergeMap(() => state.dispatch('add').pipe(optimistic(state, plus(5))))),
        subscribed,
      ).toBe('-')
    })
  })

  it('drops it even if that version changes nothing', () => {
    run(({ cold, expectObservable }) => {
      const state = given({ link: () => saying(cold('------1', { 1: seance.patchOf(1, []) })) })

      expectObservable(state.pipe(n), '^--------!').toBe('0--5--0')
      expectObservable(
        cold('---d').pipe(mergeMap(() => state.dispatch('add').pipe(optimistic(state, plus(5))))),
        '^----!',
      )
    })
  })

  it('drops it when the dispatch fails, and that alone', () => {
    run(({ cold, expectObservable }) => {
      const state = given({})
      const more = (by: number, dispatch$ = state.dispatch('add')) =>
        dispatch$.pipe(optimistic(state, plus(by)))

      expectObservable(state.pipe(n), '^--------!').toBe('0--5-(75)')
      expectObservable(
        cold('---a-b').pipe(
          mergeMap((each) => (each === 'a' ? more(5) : more(2, state.dispatch('add', 1n)))),
        ),
        '^--------!',
      ).toBe('-----#', {}, errorLike('InvalidPayload'))
    })
  })

  it('shows several, one on the other', () => {
    run(({ cold, expectObservable }) => {
      const state = given({ link: () => saying(cold('------1', { 1: seance.patch(1) })) })

      expectObservable(state.pipe(n), '^--------!').toBe('0--56-1')
      expectObservable(
        cold('---51').pipe(mergeMap((by) => state.dispatch('add').pipe(optimistic(state, plus(Number(by)))))),
        '^--------!',
      )
    })
  })

  it('drops it with the state of a new join', () => {
    run(({ cold, expectObservable }) => {
      const state = given({ link: (index) => saying(index === 0 ? cold('-----#', {}, cut()) : NEVER) })

      expectObservable(state.pipe(n), '^----------!').toBe('0--5----7')
      expectObservable(
        cold('---d').pipe(mergeMap(() => state.dispatch('add').pipe(optimistic(state, plus(5))))),
        '^----------!',
      )
    })
  })

  it('S15: fails the dispatch, before anything is sent, if the change throws', () => {
    run(({ cold, expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({ phx_join: seance.joins(0) }) })
      const state = liveState<Counter>(socket.channel('room:a'), { dialect: 'seance' })
      const throws = (): never => {
        throw new Error('of the user')
      }

      expectObservable(sent$).toBe('J----L')
      expectObservable(state.pipe(n), '^----!').toBe('0')
      expectObservable(
        cold('--d').pipe(mergeMap(() => state.dispatch('add').pipe(optimistic(state, throws)))),
        '^----!',
      ).toBe('--#', {}, new Error('of the user'))
    })
  })

  it('shows nothing while there is no state, but sends', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({ phx_join: seance.joins(0) }) })
      const state = liveState<Counter>(socket.channel('room:a'), { dialect: 'seance' })

      expectObservable(sent$).toBe('(JeL)', { J: 'J', e: 'seance:event:add', L: 'L' })
      expectObservable(state.dispatch('add').pipe(optimistic(state, plus(5)), ignoreElements())).toBe('|')
    })
  })

  it('throws InvalidArgument for something other than a live state', () => {
    expect(() => optimistic(NEVER as unknown as LiveState<Counter>, plus(1))).toThrow('pass a live state')
  })
})
