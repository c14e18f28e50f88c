import { concat, EMPTY, first, map, mergeMap, type Observable, of, retry, skip } from 'rxjs'
import { type Channel, JoinRefused } from '../../lib/index.ts'
import { closed, crashed, type FakePhoenixOptions, type MarbleHelpers } from '../../lib/testing/index.ts'
import { answers, cut, errorLike, letter, ok, refuse, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

/** The server never answers `p`; all else after 2 ms. */
const silent = answers({ p: () => EMPTY }, 2)

describe('S6: a push whose connection is lost', () => {
  it('fails immediately with the cause if it was sent, and waits for the rejoin if not', () => {
    run(({ expectObservable, cold }) => {
      const link = '         o----#              '
      const sentPush = '     ---^                '
      const otherPush = '    ------^             '
      const sent = '         J--p----J-q-L       '
      const sentSees = '     -----#              '
      const otherSees = '    ------------(r|)    '
      const { socket, sent$ } = socketOn({
        link: (index) => cold<'open'>(index === 0 ? link : 'o', { o: 'open' }, cut()),
        answer: silent,
      })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel, '^-----------!')
      expectObservable(channel.push('p'), sentPush).toBe(
        sentSees,
        {},
        errorLike('ConnectionLost', { sent: true, cause: errorLike('ConnectionClosed', { code: 1006 }) }),
      )
      expectObservable(channel.push('q'), otherPush).toBe(otherSees, { r: {} })
    })
  })

  it('waits for the rejoin when it is retried immediately, and does not go into the lost join', () => {
    run(({ expectObservable, cold }) => {
      const link = '  o----#               '
      const sent = '  J-p-----J-p------L   '
      const { socket, sent$ } = socketOn({
        link: (index) => cold<'open'>(index === 0 ? link : 'o', { o: 'open' }, cut()),
        answer: silent,
      })

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').push('p').pipe(retry(1)), '^----------------!').toBe('-')
    })
  })

  it.each<[string, (channel: Channel) => Observable<unknown>, string]>([
    ['a push', (channel) => channel.push('q'), '(rd|)'],
    ['a send', (channel) => channel.send('q'), '(d|)'],
  ])(
    '%s made when the socket emits the loss, before its channel sees it, waits for the rejoin',
    (_name, made, ends) => {
      run(({ expectObservable, cold }) => {
        const link = '    o-----#          '
        const held = '   ---^------------!'
        const sent = '    ---J------(Jq)--L'
        const outcome = ` ----------${ends}`
        const { socket, sent$ } = socketOn({
          link: (index) => cold<'open'>(index === 0 ? link : '-o', { o: 'open' }, cut()),
        })
        const channel = socket.channel('room:a')
        const outcome$ = socket.pipe(
          first(({ status }) => status === 'waiting'),
          mergeMap(() => concat(made(channel).pipe(map(() => 'r')), of('d'))),
        )

        expectObservable(sent$).toBe(sent)
        expectObservable(outcome$).toBe(outcome)
        expectObservable(channel, held)
      })
    },
  )

  it('gets ConnectionLost if it was sent, and the error of the policy if not, when the policy of the socket stops', () => {
    run(({ expectObservable, cold }) => {
      const link = cold<'open'>('o----#', { o: 'open' }, cut())
      const { socket } = socketOn(
        {
          link: () => link,
          answer: answers({ phx_join: (m) => (m.topic === 'room:b' ? EMPTY : ok()(m, 0)), p: () => EMPTY }),
        },
        { reconnect: () => 'stop' },
      )

      expectObservable(socket.channel('room:a').push('p')).toBe(
        '-----#',
        {},
        errorLike('ConnectionLost', { sent: true }),
      )
      expectObservable(socket.channel('room:b').push('p')).toBe(
        '-----#',
        {},
        errorLike('ConnectionClosed', { code: 1006 }),
      )
    })
  })
})

describe('S6: a push whose channel ends', () => {
  const at =
    (marbles: string, end: ReturnType<typeof closed>) =>
    (cold: MarbleHelpers['cold']): FakePhoenixOptions => ({
      link: () => saying(cold(marbles, { x: end })),
      answer: silent,
    })

  it('fails with ChannelCrashed if it was sent; phx_error is the only answer to what crashes a channel', () => {
    run(({ expectObservable, cold }) => {
      const crash = '     -----x          '
      const sent = '      J--p----J-q-L   '
      const crashing = '  ---^            '
      const waiting = '   ------^         '
      const { socket, sent$ } = socketOn(at(crash, crashed('room:a', '1'))(cold))
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel, '^-----------!')
      expectObservable(channel.push('p'), crashing).toBe(
        '-----#',
        {},
        errorLike('ChannelCrashed', { sent: true }),
      )
      expectObservable(channel.push('q'), waiting).toBe('------------(r|)', { r: {} })
    })
  })

  it('retried from the error, waits for the rejoin: the state changes first', () => {
    run(({ expectObservable, cold }) => {
      const crash = '  -----x             '
      const sent = '   J--p----J-p-----L  '
      const { socket, sent$ } = socketOn(at(crash, crashed('room:a', '1'))(cold))
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel.push('p').pipe(retry(1)), '---^------------!').toBe('-')
      expectObservable(channel.pipe(skip(3), map(letter)), '^---------------!').toBe('-----e--j-R')
    })
  })

  it('fails with ChannelClosed', () => {
    run(({ expectObservable, cold }) => {
      const close = '  -----x          '
      const sent = '   J-p             '
      const { socket, sent$ } = socketOn(at(close, closed('room:a', '1'))(cold))

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').push('p')).toBe(
        '-----#',
        {},
        errorLike('ChannelClosed', { sent: true }),
      )
    })
  })

  it.each<[string, (channel: Channel) => ReturnType<Channel['push']>]>([
    ['a push', (channel) => channel.push('q')],
    ['a send', (channel) => channel.send('q')],
  ])('%s that waits gets the error with which the policy stopped', (_name, of) => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn(
        { answer: answers({ phx_join: refuse('full') }, 2) },
        { rejoin: (cause) => (cause instanceof JoinRefused ? 'stop' : 1) },
      )

      expectObservable(sent$).toBe('J')
      expectObservable(of(socket.channel('room:a'))).toBe(
        '--#',
        {},
        errorLike('JoinRefused', { response: { reason: 'full' } }),
      )
    })
  })
})
