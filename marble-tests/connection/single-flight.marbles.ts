import { map } from 'rxjs'
import { singleFlight } from '../../lib/index.ts'
import { letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

/** A token endpoint that never answers. */
const silentEndpoint = () => {
  const runs: AbortSignal[] = []
  const refresh = (signal: AbortSignal): Promise<string> => {
    runs.push(signal)
    return new Promise(() => undefined)
  }
  return { refresh, aborted: (): string => runs.map(({ aborted }) => (aborted ? 'a' : 'r')).join('') }
}

describe('singleFlight of a function that hangs', () => {
  it('runs it once within hungAfterMs; then aborts it at the next call, and runs it again', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const calls = '  c---c-c---c--c'
      // Each run by a letter: `r` one that is under way, `a` one that was aborted.
      const runs = '   1---1-2---2--3'
      const { refresh, aborted } = silentEndpoint()
      const token = singleFlight(refresh, { hungAfterMs: 6, scheduler })
      const called$ = cold(calls).pipe(
        map(() => {
          void token()
          return aborted()
        }),
      )

      expectObservable(called$).toBe(runs, { 1: 'r', 2: 'ar', 3: 'aar' })
    })
  })

  it('takes it to hang after a minute by default', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const calls = '  c 59998ms c c'
      const runs = '   1 59998ms 1 2'
      const { refresh, aborted } = silentEndpoint()
      const token = singleFlight(refresh, { scheduler })
      const called$ = cold(calls).pipe(
        map(() => {
          void token()
          return aborted()
        }),
      )

      expectObservable(called$).toBe(runs, { 1: 'r', 2: 'ar' })
    })
  })

  it('as the token of a socket: attempts that are given up ask for another when it has hung so long', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const held = '  ^------------------!'
      const states = 'c--w-c--w-c--w-c--w-'
      const runs = '  -1----1----2----2---'
      const { refresh, aborted } = silentEndpoint()
      const authToken = singleFlight(refresh, { hungAfterMs: 8, scheduler })
      const { socket, words$ } = socketOn(
        {},
        { authToken, connectTimeoutMs: 3, reconnect: () => 2, scheduler },
      )

      expectObservable(words$, held).toBe(states, { ...letters, w: 'waiting 2' })
      expectObservable(cold('-x----x----x----x').pipe(map(aborted))).toBe(runs, { 1: 'r', 2: 'ar' })
      expectObservable(cold('--------------------x').pipe(map(() => socket.state.status))).toBe(
        '--------------------i',
        letters,
      )
    })
  })
})
