import { delay, EMPTY, map, NEVER, type Observable, of, throwError } from 'rxjs'
import {
  ConnectionFailed,
  ConnectTimeout,
  InputFailed,
  type SocketOptions,
  type TransportTarget,
} from '../../lib/index.ts'
import { letters, run } from '../support/run.ts'
import { closedWith, inOrder, socketOn } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3' }
const away = new ConnectionFailed('away')
const tokens = map(({ authToken }: TransportTarget) => authToken)

describe('S11: inputs as functions', () => {
  it('are evaluated at each attempt, with its number', () => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, away)
      const held = '     ^---------!'
      const { words$, targets$ } = socketOn(
        { link: () => link },
        { params: (attempt) => ({ attempt }), authToken: (attempt) => `token${attempt}` },
      )

      expectObservable(targets$.pipe(map(({ params, authToken }) => [params, authToken]))).toBe('a---b---c', {
        a: [{ attempt: 0 }, 'token0'],
        b: [{ attempt: 1 }, 'token1'],
        c: [{ attempt: 2 }, 'token2'],
      })
      expectObservable(words$, held).toBe('cw--cw--cw', values)
    })
  })

  it('may return a stream: the state is connecting until it emits, and a new value reconnects', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('  -o------', { o })
      const token = cold(' --a---b---')
      const held = '       ^---------!'
      const states = '     c--o--co'
      const { words$, targets$ } = socketOn({ link: () => link }, { authToken: () => token })

      expectObservable(targets$.pipe(tokens)).toBe('--a---b')
      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(link.subscriptions).toBe(['--^---!', '------^---!'])
      expectSubscriptions(token.subscriptions).toBe(held)
    })
  })

  it.each<[string, () => Observable<string> | string, unknown]>([
    ['errors', () => throwError(() => new Error('login failed')), new Error('login failed')],
    [
      'throws',
      () => {
        throw new Error('no session')
      },
      new Error('no session'),
    ],
    ['ends without a value', () => EMPTY, 'it completed without a value'],
  ])('that one %s is a failed attempt and not the end', (_case, failing, cause) => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('      -o---', { o })
      const held = '        ^-----!'
      const states = '      (cw)co'
      const { socket } = socketOn(
        { link: () => link },
        { authToken: (attempt) => (attempt === 0 ? failing() : 'good'), reconnect: () => 4 },
      )
      const shown$ = socket.pipe(map((state) => (state.status === 'waiting' ? state.cause : state.status)))

      expectObservable(shown$, held).toBe(states, { ...values, w: new InputFailed('authToken', cause) })
      expectSubscriptions(link.subscriptions).toBe('----^-!')
    })
  })

  it('count into connectTimeoutMs', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('    ----o', { o })
      const held = '      ^-------!'
      const { socket } = socketOn(
        { link: () => link },
        { authToken: () => of('slow').pipe(delay(3)), connectTimeoutMs: 5, reconnect: () => 'stop' },
      )
      const silent = socketOn({}, {
        params: () => NEVER,
        connectTimeoutMs: 5,
        reconnect: () => 'stop',
      } satisfies SocketOptions).words$

      expectObservable(socket.pipe(map(({ status }) => status)), held).toBe(
        'c----#',
        values,
        new ConnectTimeout(5),
      )
      expectObservable(silent, held).toBe('c----#', values, new ConnectTimeout(5))
      expectSubscriptions(link.subscriptions).toBe('---^-!')
    })
  })
})

describe('S11: an invalid constant', () => {
  it('stops immediately, since waiting does not help', () => {
    run(({ cold, expectObservable }) => {
      const unusable = new InputFailed('authToken', 'holds a "/"')
      const link = cold<'open'>('-#', {}, unusable)

      expectObservable(socketOn({ link: () => link }, { authToken: 'a/b' }).words$).toBe(
        'c#',
        values,
        unusable,
      )
    })
  })

  it('is distinguished from a function that failed beside it', () => {
    run(({ cold, expectObservable }) => {
      const failing = cold<'open'>('-#', {}, new InputFailed('params', 'a cycle'))
      const good = cold('       -o-#', { o }, closedWith(1006))
      const held = '        ^------!'
      const { words$ } = socketOn({ link: inOrder(failing, good) }, { params: () => ({}), authToken: 'a' })

      expectObservable(words$, held).toBe('cw--co', values)
    })
  })
})
