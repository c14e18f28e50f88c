import { map } from 'rxjs'
import { ConnectionFailed, ConnectionRefused, fullJitter, type SocketError } from '../../lib/index.ts'
import { letters, run } from '../support/run.ts'
import { closedWith, inOrder, socketOn } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3' }

describe('S9: reconnecting', () => {
  it.each([
    ['an upgrade refused with 403', new ConnectionRefused({ status: 403, body: 'no' })],
    ['an upgrade refused with 503', new ConnectionRefused({ status: 503, retryAfterMs: 20 })],
    ['an unreachable server', new ConnectionFailed('ECONNREFUSED')],
  ])('waits and connects again after %s, and shows the cause', (_case, cause) => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const refused = cold<'open'>('--#', {}, cause)
      const accepted = cold('    -o', { o })
      const held = '        ^--------!'
      const states = '      c-w--co'
      const { socket, words$ } = socketOn({ link: inOrder(refused, accepted) })
      const causes$ = socket.pipe(map((state) => (state.status === 'waiting' ? state.cause : undefined)))

      expectObservable(words$, held).toBe(states, values)
      expectObservable(causes$, held).toBe('n-e--nn', { n: undefined, e: cause })
      expectSubscriptions(refused.subscriptions).toBe('^-!')
      expectSubscriptions(accepted.subscriptions).toBe('-----^---!')
    })
  })

  it.each([
    [1000, 'a proxy closes cleanly'],
    [1001, 'the server disconnects the socket'],
    [1006, 'the link is cut'],
    [1012, 'the server drains its connections'],
  ])('reconnects after close code %i: %s', (code) => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const lost = cold('   -o--#', { o }, closedWith(code))
      const again = cold('         -o', { o })
      const held = '        ^---------!'
      const { socket, words$ } = socketOn({ link: inOrder(lost, again) })
      const codes$ = socket.pipe(
        map((state) => (state.status === 'waiting' && 'code' in state.cause ? state.cause.code : 0)),
      )

      expectObservable(words$, held).toBe('co--w--co', values)
      expectObservable(codes$, held).toBe('nn--w--nn', { n: 0, w: code })
      expectSubscriptions(lost.subscriptions).toBe(' ^---!')
      expectSubscriptions(again.subscriptions).toBe('-------^--!')
    })
  })

  it.each([
    [1006, 'a cut', 10, 5],
    [1012, 'a drain, when all clients come back together', 10, 2_500],
    [1012, 'a drain, if the policy waits longer anyway', 8_000, 4_000],
  ])('after close code %i spreads the waits of fullJitter: %s', (code, _case, windowMs, waitMs) => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const lost = cold('   -o--#', { o }, closedWith(code))
      const again = cold('  -o', { o })
      const held = `        ^ ${waitMs + 8}ms !`
      const states = `      co--w ${waitMs - 1}ms co`
      // A random number in the middle, so that the wait is half the window.
      const reconnect = fullJitter(
        () => windowMs,
        () => 0.5,
      )
      const { words$ } = socketOn({ link: inOrder(lost, again) }, { reconnect, heartbeatIntervalMs: 0 })

      expectObservable(words$, held).toBe(states, { ...letters, w: `waiting ${waitMs}` })
      expectSubscriptions(again.subscriptions).toBe(`${waitMs + 4}ms ^----!`)
    })
  })

  it('calls the policy with the cause and the number of failures, and waits as long as it shows', () => {
    const asked: [string, number][] = []
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold<'open'>('   -#', {}, new ConnectionFailed('no'))
      const held = '        ^------------!'
      const states = '      cA-cB---cC'
      const dials = ['      ^!', '---^!', '--------^!']
      const reconnect = ({ _tag }: SocketError, attempt: number): number => {
        asked.push([_tag, attempt])
        return 2 * attempt
      }
      const { socket } = socketOn({ link: () => link }, { reconnect })
      const shown$ = socket.pipe(
        map((state) => (state.status === 'waiting' ? [state.attempt, state.retryInMs] : state.status)),
      )

      expectObservable(shown$, held).toBe(states, {
        c: 'connecting',
        A: [1, 2],
        B: [2, 4],
        C: [3, 6],
      })
      expectSubscriptions(link.subscriptions).toBe(dials)
    })
    expect(asked).toEqual([
      ['ConnectionFailed', 1],
      ['ConnectionFailed', 2],
      ['ConnectionFailed', 3],
    ])
  })
})
