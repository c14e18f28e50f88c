import { map, NEVER, throwError } from 'rxjs'
import { ConnectionFailed, ConnectTimeout, phoenixSocket, type Transport } from '../../lib/index.ts'
import { letters, run } from '../support/run.ts'
import { inOrder, socketOn, URL } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3' }

describe('connectTimeoutMs', () => {
  it('gives an attempt up that does not open in time, with ConnectTimeout', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const silent = cold<'open'>(' ----------')
      const good = cold('          -o', { o })
      const held = '        ^--------!'
      const { socket, words$ } = socketOn({ link: inOrder(silent, good) }, { connectTimeoutMs: 4 })
      const causes$ = socket.pipe(map((state) => (state.status === 'waiting' ? state.cause : 0)))

      expectObservable(words$, held).toBe('c---w--co', values)
      expectObservable(causes$, held).toBe('0---e--00', { 0: 0, e: new ConnectTimeout(4) })
      expectSubscriptions(silent.subscriptions).toBe('^---!')
    })
  })

  it('does not count once the link is open', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('   -o--------', { o })
      const held = '        ^--------!'
      const { words$ } = socketOn({ link: () => link }, { connectTimeoutMs: 4 })

      expectObservable(words$, held).toBe('co', values)
      expectSubscriptions(link.subscriptions).toBe('^--------!')
    })
  })
})

describe('a transport from outside', () => {
  const failure = new Error('proxy says no')
  const failed = new ConnectionFailed('proxy says no', { cause: failure })

  it.each<[string, Transport]>([
    ['errors with an error of its own', () => throwError(() => failure)],
    [
      'throws',
      () => {
        throw failure
      },
    ],
  ])('that %s is a failed attempt', (_case, transport) => {
    run(({ expectObservable }) => {
      const socket = phoenixSocket(URL, { transport, reconnect: () => 'stop' })

      expectObservable(socket.pipe(map(({ status }) => status))).toBe('(c#)', letters, failed)
    })
  })

  it('that completes has lost its connection', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = { bufferedAmount: 0, send: () => undefined }
      const events$ = cold('-o-|', { o: { type: 'open' as const, link } })
      const held = '        ^-----!'
      const socket = phoenixSocket(URL, { transport: () => events$, reconnect: () => 9 })
      const shown$ = socket.pipe(
        map((state) => (state.status === 'waiting' ? state.cause._tag : state.status)),
      )

      expectObservable(shown$, held).toBe('co-w', { ...letters, w: 'ConnectionClosed' })
      expectSubscriptions(events$.subscriptions).toBe('^--!')
    })
  })

  it('that says nothing is let go when its subscriber is', () => {
    run(({ expectObservable }) => {
      const socket = phoenixSocket(URL, { transport: () => NEVER })

      expectObservable(socket.pipe(map(({ status }) => status)), '--^-!').toBe('--c', letters)
    })
  })
})
