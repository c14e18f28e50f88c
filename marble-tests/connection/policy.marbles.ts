import { filter, ignoreElements, map, merge, repeat, retry, timer } from 'rxjs'
import {
  ConnectionFailed,
  ConnectionRefused,
  InputFailed,
  phoenixSocket,
  stopAfter,
  stopAfterRefusals,
  stopOn,
} from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'
import { letters, run } from '../support/run.ts'
import { closedWith, inOrder, socketOn, URL } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3' }
const away = new ConnectionFailed('away')

describe('S9: policies that stop', () => {
  it('errors with the cause, without a wait, and is idle afterwards', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const refusal = new ConnectionRefused({ status: 403 })
      const link = cold<'open'>('   --#', {}, refusal)
      const reconnect = stopOn(({ _tag }) => _tag === 'ConnectionRefused')(() => 3)
      const { socket, words$ } = socketOn({ link: () => link }, { reconnect })

      expectObservable(words$).toBe('c-#', values, refusal)
      expectSubscriptions(link.subscriptions).toBe('^-!')
      expectObservable(cold('-x-x').pipe(map(() => socket.state.status))).toBe('-c-i', letters)
    })
  })

  it('that always returns 0 reconnects each time after a timer, so that other work is done in between', () => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('#', {}, away)
      const { targets$, words$ } = socketOn({ link: () => link }, { reconnect: stopAfter(3)(() => 0) })
      const dials$ = targets$.pipe(map(() => 'd'))
      const work$ = timer(0).pipe(
        map(() => 'w'),
        repeat(8),
      )

      expectObservable(merge(dials$, work$)).toBe('(dwwdwwdwwdww)')
      expectObservable(words$.pipe(ignoreElements())).toBe('#', undefined, away)
    })
  })

  it('tries again as often as stopAfter allows', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold<'open'>('   -#', {}, away)
      const { words$ } = socketOn({ link: () => link }, { reconnect: stopAfter(1)(() => 3) })

      expectObservable(words$).toBe('cw--c#', values, away)
      expectSubscriptions(link.subscriptions).toBe(['^!', '----^!'])
    })
  })

  it.each<[string, () => number, unknown]>([
    [
      'throws',
      () => {
        throw new Error('a bug in the policy')
      },
      new Error('a bug in the policy'),
    ],
    ['gives NaN', () => NaN, new RangeError("a retry policy returned NaN; return milliseconds or 'stop'")],
    ['gives -1', () => -1, new RangeError("a retry policy returned -1; return milliseconds or 'stop'")],
    [
      'gives nothing',
      () => null as unknown as number,
      new RangeError("a retry policy returned null; return milliseconds or 'stop'"),
    ],
  ])('stops with InputFailed when the policy %s', (_case, reconnect, cause) => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, away)
      const { words$ } = socketOn({ link: () => link }, { reconnect })

      expectObservable(words$).toBe('c#', values, new InputFailed('reconnect', cause))
    })
  })

  it('ends every subscriber, of the socket and of its channels, and starts afresh for the next', () => {
    run(({ cold, expectObservable }) => {
      const bad = cold<'open'>('   --#', {}, away)
      const good = cold('       -o', { o })
      const later = '      -----^---!'
      const { socket, words$ } = socketOn({ link: inOrder(bad, good) }, { reconnect: () => 'stop' })

      expectObservable(words$).toBe('c-#', values, away)
      expectObservable(socket.channel('room:a').on('news')).toBe('--#', {}, away)
      expectObservable(words$, later).toBe('-----co', values)
    })
  })

  it('shows the current state to a subscriber that comes while the end is emitted', () => {
    run(({ cold, expectObservable }) => {
      const bad = cold<'open'>('--#', {}, away)
      const good = cold('         ---o', { o })
      const held = '            ^-------!'
      const { socket, words$ } = socketOn({ link: inOrder(bad, good) }, { reconnect: () => 'stop' })

      expectObservable(words$.pipe(retry()), held).toBe('c-c--o', values)
      expectObservable(cold('---x--x--x').pipe(map(() => socket.state.status))).toBe('---c--o--i', values)
    })
  })
  it('errors with the error that the policy gives, for the socket, its channels and what waits for them', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold<'open'>('-#', {}, new ConnectionRefused({ status: 403 }))
      const reconnect = stopAfterRefusals(2)(() => 3)
      const { socket, words$ } = socketOn({ link: () => link }, { reconnect })
      const error = expect.objectContaining({ _tag: 'Unauthorized', status: 403, attempts: 2 }) as unknown

      expectObservable(words$).toBe('cw--c#', values, error)
      expectObservable(socket.channel('a').on('news')).toBe('-----#', {}, error)
      expectObservable(socket.channel('a').push('hello')).toBe('-----#', {}, error)
      expectSubscriptions(link.subscriptions).toBe(['^!', '----^!'])
    })
  })

  it('counts refusals from zero again after an open connection', () => {
    run(({ cold, expectObservable }) => {
      const no = cold<'open'>('-#', {}, new ConnectionRefused({ status: 401 }))
      const lost = cold('      -o----#', { o }, closedWith(1006))
      const states = '         cwco----wcwc#'
      const reconnect = stopAfterRefusals(2)(() => 1)
      const { words$ } = socketOn({ link: inOrder(no, lost, no) }, { reconnect })

      const error = expect.objectContaining({ _tag: 'Unauthorized', attempts: 2 }) as unknown
      expectObservable(words$).toBe(states, { ...letters, w: 'waiting 1' }, error)
    })
  })

  it('waits as long as the server asks for with retry-after, by default', () => {
    run(({ cold, expectObservable }) => {
      const busy = new ConnectionRefused({ status: 503, retryAfterMs: 40 })
      const link = cold<'open'>('-#', {}, busy)
      // Without a policy, since this is about the default.
      const socket = phoenixSocket(URL, { transport: fakePhoenix({ link: () => link }).transport })
      const waits$ = socket.pipe(
        filter(({ status }) => status === 'waiting'),
        map((state) => state.status === 'waiting' && state.retryInMs >= 40 && state.retryInMs <= 50),
      )

      expectObservable(waits$, '^-----!').toBe('-y', { y: true })
    })
  })
})
