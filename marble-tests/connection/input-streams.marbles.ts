import { BehaviorSubject, defer, map, of, Subject, tap, throwError } from 'rxjs'
import { ConnectionFailed, type TransportTarget } from '../../lib/index.ts'
import { letters, run } from '../support/run.ts'
import { closedWith, socketOn } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3', W: 'waiting 9' }
const away = new ConnectionFailed('away')
const tokens = map(({ authToken }: TransportTarget) => authToken)

describe('S11: inputs as streams', () => {
  it('reconnect with each new value, and show connecting meanwhile', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const link = cold('  -o-------', { o })
      const token = hot('  --a----b------')
      const held = '       ^-----------!'
      const states = '     c--o---co'
      const { words$, targets$ } = socketOn({ link: () => link }, { authToken: token })

      expectObservable(targets$.pipe(tokens)).toBe('--a----b')
      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(link.subscriptions).toBe(['--^----!', '-------^----!'])
      expectSubscriptions(token.subscriptions).toBe(held)
    })
  })

  it('end a wait with a new value', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const link = cold<'open'>('  -#', {}, away)
      const params = hot(' a---b-----', { a: { v: 1 }, b: { v: 2 } })
      const held = '       ^------!'
      const states = '     cW--cW'
      const { words$, targets$ } = socketOn({ link: () => link }, { params, reconnect: () => 9 })

      expectObservable(targets$.pipe(map((target) => target.params['v']))).toBe('1---2', { 1: 1, 2: 2 })
      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(link.subscriptions).toBe(['^!', '----^!'])
    })
  })

  it('end a wait also when the new value comes while the wait is emitted', () => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, closedWith(1006))
      const held = '     ^-!'
      const token$ = new BehaviorSubject('old')
      const { words$, targets$ } = socketOn({ link: () => link }, { authToken: token$, reconnect: () => 9 })
      const renewing$ = words$.pipe(
        tap((shown) => {
          if (shown.startsWith('waiting') && token$.value === 'old') token$.next('new')
        }),
      )

      expectObservable(targets$.pipe(tokens), held).toBe('ab', { a: 'old', b: 'new' })
      // The second subscriber hears the states in the order in which they came about.
      expectObservable(renewing$, held).toBe('c(Wc)', values)
      expectObservable(words$, held).toBe('   c(Wc)', values)
    })
  })

  it('are not asked again for a value that they gave once', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const link = cold<'open'>('  -#', {}, away)
      const spoken = hot(' -u--------------')
      const held = '       ^-------------!'
      const states = '     c-w--cw--cw--c'
      const { words$ } = socketOn({ link: () => link }, { params: spoken.pipe(map(() => ({}))) })

      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(spoken.subscriptions).toBe(held)
    })
  })

  it('are subscribed again after a failure, not at each attempt, and their value does not end a wait', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold<'open'>('-#', {}, away)
      const fetched = cold('     -u')
      const fetching = '         ---------^-------------!'
      const held = '             ^----------------------!'
      const states = '           (cW)-----c-W--------cW'
      let fails = true
      const params = defer(() => (fails ? throwError(() => new Error('login failed')) : fetched))
      const reconnect = (): number => {
        fails = false
        return 9
      }
      const { words$ } = socketOn({ link: () => link }, { params: params.pipe(map(() => ({}))), reconnect })

      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(fetched.subscriptions).toBe(fetching)
    })
  })

  it('keep what a hot stream said once, while the connection is paused', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = cold('  -o', { o })
      const token = hot('  a-----b-------')
      const pause = hot('  --t-----f-----', { t: true, f: false })
      const held = '       ^-----------!'
      const states = '     cop-----co'
      const { words$, targets$ } = socketOn({ link: () => link }, { authToken: token, pause })

      expectObservable(targets$.pipe(tokens)).toBe('a-------b')
      expectObservable(words$, held).toBe(states, values)
    })
  })

  it('that end after a value keep it while connected, and are asked afresh when somebody connects afresh', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('  -o--#', { o }, closedWith(1006))
      const first = '      ^---------!'
      const second = '     ---------------^-!'
      let fetched = 0
      const fetch$ = defer(() => of(`token${++fetched}`))
      const { words$, targets$ } = socketOn({ link: () => link }, { authToken: fetch$ })

      expectObservable(targets$.pipe(tokens)).toBe('a------a-------b', { a: 'token1', b: 'token2' })
      expectObservable(words$, first).toBe(' co--w--co--', values)
      expectObservable(words$, second).toBe('---------------co', values)
    })
  })

  it('unsubscribe every stream when the socket closes', () => {
    run(({ expectObservable, flush }) => {
      const token$: Subject<string> = new Subject()
      const { socket } = socketOn({}, { authToken: token$, params: token$.pipe(map(() => ({}))) })

      expectObservable(socket.pipe(map(({ status }) => status)), '^-!').toBe('c', values)
      flush()
      expect(token$.observed).toBe(false)
    })
  })
})
