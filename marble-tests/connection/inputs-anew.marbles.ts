import { map } from 'rxjs'
import { run } from '../support/run.ts'
import { closedWith, inOrder, socketOn } from '../support/socket.ts'

const o = 'open' as const

describe('S11, S9: a stream that reconnects', () => {
  it('has functions evaluated again, since a token may have expired meanwhile', () => {
    run(({ cold, hot, expectObservable }) => {
      let tokens = 0
      const params$ = hot('a--b-', { a: { user: 'ann' }, b: { user: 'bob' } })
      const dialled = '    a--b-'
      const held = '       ^---!'
      const { socket, targets$ } = socketOn(
        { link: () => cold('o', { o }) },
        { params: params$, authToken: () => `token ${++tokens}` },
      )

      expectObservable(socket, held)
      expectObservable(targets$.pipe(map(({ params, authToken }) => [params, authToken]))).toBe(dialled, {
        a: [{ user: 'ann' }, 'token 1'],
        b: [{ user: 'bob' }, 'token 2'],
      })
    })
  })

  it('counts attempts from 0 when the connection had proved itself', () => {
    run(({ cold, hot, expectObservable }) => {
      const lost = cold<'open'>('  #', {}, closedWith(1006))
      const good = cold('  o', { o })
      const params$ = hot('a--------b', { a: {}, b: { again: true } })
      const held = '       ^----------!'
      const attempts = '   (ab)-(cd)(ef)'
      const { socket } = socketOn(
        { link: inOrder(lost, good) },
        { params: params$, heartbeatIntervalMs: 2, reconnect: () => 5 },
      )
      const seen$ = socket.pipe(map((state) => `${state.status} ${'attempt' in state ? state.attempt : ''}`))

      expectObservable(seen$, held).toBe(attempts, {
        a: 'connecting 0',
        b: 'waiting 1',
        c: 'connecting 1',
        d: 'open 1',
        e: 'connecting 0',
        f: 'open 0',
      })
    })
  })
})
