import { BehaviorSubject, ignoreElements, map } from 'rxjs'
import { phoenixSocket } from '../../lib/index.ts'
import { run } from '../support/run.ts'

describe('S11: no auth token', () => {
  it('signs out by reconnecting without a token when a stream emits null, and signs in again', () => {
    run(({ cold, expectObservable, phoenix }) => {
      const server = phoenix()
      const token$ = new BehaviorSubject<string | null>('ann')
      const changes = '                   ---n--b'
      const tokens = '                    a--n--b'
      const socket = phoenixSocket('ws://localhost/socket', {
        transport: server.transport,
        authToken: token$,
        heartbeatIntervalMs: 0,
      })

      cold(changes, { n: null, b: 'bob' }).subscribe(token$)
      expectObservable(server.targets$.pipe(map(({ authToken }) => authToken))).toBe(tokens, {
        a: 'ann',
        n: undefined,
        b: 'bob',
      })
      expectObservable(socket.pipe(ignoreElements()), '^-------!').toBe('')
    })
  })

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['an empty string', ''],
  ])('treats %s as no token', (_name, authToken) => {
    run(({ expectObservable, phoenix }) => {
      const server = phoenix()
      const socket = phoenixSocket('ws://localhost/socket', {
        transport: server.transport,
        authToken: () => authToken,
        heartbeatIntervalMs: 0,
      })

      expectObservable(server.targets$.pipe(map(({ authToken: token }) => token))).toBe('n', { n: undefined })
      expectObservable(socket.pipe(ignoreElements()), '^-!').toBe('')
    })
  })
})
