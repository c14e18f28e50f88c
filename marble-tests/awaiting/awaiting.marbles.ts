import { merge, NEVER, of } from 'rxjs'
import { ConnectionFailed, InvalidArgument, nextMessage, whenJoined, whenOpen } from '../../lib/index.ts'
import { broadcast, closed } from '../../lib/testing/index.ts'
import { answers, errorLike, refuse, saying, socketOn } from '../support/channel.ts'
import { notedDelays } from '../support/noted-delays.ts'
import { run } from '../support/run.ts'

const o = 'open' as const
const away = new ConnectionFailed('away')

/** A Promise made in virtual time, to be looked at afterwards: what it gave, or why it was rejected. */
const outcomeOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

describe('whenOpen', () => {
  it('resolves when the socket is open, and lets it go then', async () => {
    const opened = run(({ cold, expectSubscriptions }) => {
      const link = cold('---o', { o })
      const { socket } = socketOn({ link: () => link })
      expectSubscriptions(link.subscriptions).toBe('^--!')
      return outcomeOf(whenOpen(socket))
    })
    expect(await opened).toMatchObject({ status: 'open', attempt: 0 })
  })

  it('rejects with the error with which the policy stops', async () => {
    const failed = run(({ cold }) => {
      const link = cold<'open'>('--#', {}, away)
      return outcomeOf(whenOpen(socketOn({ link: () => link }, { reconnect: () => 'stop' }).socket))
    })
    expect(await failed).toBe(away)
  })

  it('rejects with AwaitTimeout, whose cause is why it is not open', async () => {
    const late = run(({ cold, expectSubscriptions }) => {
      const link = cold<'open'>('-#', {}, away)
      expectSubscriptions(link.subscriptions).toBe(['^!', '----^!', '--------^!'])
      const { socket } = socketOn({ link: () => link })
      return outcomeOf(whenOpen(socket, { timeoutMs: 10 }))
    })
    expect(await late).toMatchObject({ _tag: 'AwaitTimeout', timeoutMs: 10, cause: away })
    expect(String(await late)).toContain('Waited 10 ms for the socket to open')
  })

  it('rejects with the reason of the signal; one that is aborted already connects nothing', async () => {
    const abort = new AbortController()
    const [first, second] = run(({ cold, expectSubscriptions }) => {
      const link = cold<'open'>('---')
      const { socket } = socketOn({ link: () => link })
      cold('--x').subscribe(() => {
        abort.abort('enough')
      })
      expectSubscriptions(link.subscriptions).toBe('^-!')
      return [outcomeOf(whenOpen(socket, { signal: abort.signal })), socket] as const
    })
    expect(await first).toBe('enough')
    expect(await outcomeOf(whenOpen(second, { signal: abort.signal }))).toBe('enough')
    expect(second.state).toEqual({ status: 'idle' })
  })

  it.each([
    [Infinity, []],
    [2_592_000_000, [2_147_483_647]],
  ])('sets no timer that fires too early for %p as a time', async (timeoutMs, delays) => {
    const scheduler = notedDelays()
    const opened = run(({ cold }) => {
      const link = cold('--o', { o })
      const { socket } = socketOn({ link: () => link })
      return outcomeOf(whenOpen(socket, { timeoutMs, scheduler }))
    })
    expect(scheduler.delays).toEqual(delays)
    expect(await opened).toMatchObject({ status: 'open' })
  })

  it.each([0, -1, NaN, '5' as never])('throws at the call for %p as a time', (timeoutMs) => {
    expect(() => whenOpen(socketOn().socket, { timeoutMs })).toThrow(InvalidArgument)
  })
})

describe('whenJoined', () => {
  it('resolves with the reply of the server to the join', async () => {
    const joined = run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({}, 2) })
      expectObservable(sent$).toBe('--L')
      return outcomeOf(whenJoined(socket.channel('a')))
    })
    expect(await joined).toMatchObject({ status: 'joined', joinRef: '1', response: {} })
  })

  it('rejects when the join is refused, and when the server closes the channel first', async () => {
    const [refused, ended] = run(() => {
      const { socket } = socketOn({ answer: answers({ phx_join: refuse('no') }) }, { rejoin: () => 'stop' })
      const closing = socketOn({
        answer: answers({ phx_join: ({ joinRef }) => of(closed('a', joinRef ?? '')) }),
      })
      return [
        outcomeOf(whenJoined(socket.channel('a'))),
        outcomeOf(whenJoined(closing.socket.channel('a'))),
      ] as const
    })
    expect(await refused).toEqual(errorLike('JoinRefused', { response: { reason: 'no' } }))
    expect(await ended).toEqual(errorLike('ChannelClosed', { topic: 'a', sent: false }))
  })

  it('rejects with AwaitTimeout, whose cause is why it is not joined', async () => {
    const late = run(() => {
      const { socket } = socketOn({ answer: answers({ phx_join: refuse('busy') }, 1) })
      return outcomeOf(whenJoined(socket.channel('a'), { timeoutMs: 10 }))
    })
    const cause = errorLike('JoinRefused', { response: { reason: 'busy' } })
    expect(await late).toEqual(
      errorLike('AwaitTimeout', { awaited: '"a" to be joined', timeoutMs: 10, cause }),
    )
  })
})

describe('nextMessage', () => {
  it('resolves with the first payload that comes after the call', async () => {
    const next = run(({ cold }) => {
      const news = {
        1: broadcast('a', 'news', 1),
        2: broadcast('a', 'other', 2),
        3: broadcast('a', 'news', 3),
      }
      const link = saying(cold('---213', news))
      const { socket } = socketOn({ link: () => link })
      return outcomeOf(nextMessage(socket.channel('a'), 'news'))
    })
    expect(await next).toBe(1)
  })

  it('misses nothing that comes within the call of what follows', async () => {
    const next = run(() => {
      const { socket } = socketOn({
        answer: answers({ hello: () => merge(of(broadcast('a', 'greeting', 'hi')), NEVER) }),
      })
      const channel = socket.channel('a')
      const greeting = nextMessage(channel, 'greeting')
      channel.push('hello').subscribe({ error: () => undefined })
      return outcomeOf(greeting)
    })
    expect(await next).toBe('hi')
  })

  it('rejects when the channel ends, and when it takes too long', async () => {
    const [ended, late] = run(({ cold }) => {
      const link = saying(cold('--c', { c: closed('a', '1') }))
      const { socket } = socketOn({ link: () => link })
      return [
        outcomeOf(nextMessage(socket.channel('a'), 'news')),
        outcomeOf(
          nextMessage(socketOn({ answer: answers({ phx_join: refuse('no') }) }).socket.channel('a'), 'news', {
            timeoutMs: 5,
          }),
        ),
      ] as const
    })
    expect(await ended).toEqual(errorLike('ChannelClosed', { topic: 'a' }))
    expect(await late).toEqual(
      errorLike('AwaitTimeout', { awaited: '"news" on "a"', cause: errorLike('JoinRefused') }),
    )
  })

  it('throws at the call for an event of the protocol', () => {
    expect(() => nextMessage(socketOn().socket.channel('a'), 'phx_reply')).toThrow(InvalidArgument)
  })
})
