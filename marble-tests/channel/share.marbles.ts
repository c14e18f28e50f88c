import { map, mergeMap, NEVER, type Observable, take } from 'rxjs'
import { type Channel } from '../../lib/index.ts'
import { answers, letter, ok, saying, socketOn } from '../support/channel.ts'
import { letters, run, word } from '../support/run.ts'
import { broadcast } from '../../lib/testing/index.ts'

describe('S1: a channel joins for its first subscriber and leaves after the last', () => {
  it('joins once for two, shows the second the current state, and leaves and closes after both', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('     --o------------', { o: 'open' as const })
      const first = '         -^------!      '
      const second = '        -------^---!   '
      const sent = '          ---J-------L   '
      const firstSees = '     -w-j-J         '
      const secondSees = '    -------J       '
      const opened = '        -^---------!   '
      const { socket, sent$ } = socketOn({ link: () => link, answer: answers({}, 2) })

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').pipe(map(letter)), first).toBe(firstSees)
      expectObservable(socket.channel('room:a').pipe(map(letter)), second).toBe(secondSees)
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it.each<[string, (channel: Channel) => Observable<unknown>]>([
    ['on', (channel) => channel.on('news')],
    ['messages$', (channel) => channel.messages$],
    ['a push', (channel) => channel.push('p')],
  ])('keeps the socket connected for %s, without a subscription to the socket itself', (_name, streamOf) => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('    o-----', { o: 'open' as const })
      const subscribed = '   -^----!'
      const heard = '        -'
      const opened = '       -^----!'
      const { socket } = socketOn({ link: () => link, answer: answers({ p: () => NEVER }) })

      expectObservable(streamOf(socket.channel('room:a')), subscribed).toBe(heard)
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('joins for a send, and leaves once it is sent', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({}, 2) })

      expectObservable(sent$).toBe('                    J-(pL)')
      expectObservable(socket.channel('room:a').send('p')).toBe('--|')
    })
  })

  it('joins late for a channel of a socket that is open, and leaves while the socket stays', () => {
    run(({ expectObservable }) => {
      const held = '        -^----------!'
      const subscribed = '  ---^---!     '
      const socketSees = '  -(co)        '
      const sent = '        ---J---L     '
      const { socket, sent$ } = socketOn()

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.pipe(map(word)), held).toBe(socketSees, letters)
      expectObservable(socket.channel('room:a').pipe(map(letter)), subscribed).toBe('---(jJ)')
    })
  })

  it('answers `state` without a subscription', () => {
    run(({ cold, expectObservable }) => {
      const subscribed = '  -^----!'
      const looks = cold('  l-l-l---l')
      const seen = '        i-j-J---i'
      const { socket } = socketOn({ answer: answers({}, 2) })
      const channel = socket.channel('room:a')

      expectObservable(channel, subscribed)
      expectObservable(looks.pipe(map(() => letter(channel.state)))).toBe(seen)
    })
  })
})

describe('S1: linger', () => {
  it('leaves and closes so long after the last unsubscribe', () => {
    run(({ expectObservable, cold, expectSubscriptions }) => {
      const link = cold('    o--------', { o: 'open' as const })
      const subscribed = '   -^--!    '
      const sent = '         -J-----L '
      const opened = '       -^-----! '
      const { socket, sent$ } = socketOn({ link: () => link }, { lingerMs: 3 })

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a'), subscribed)
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('finds everything as it was for a subscriber that comes back meanwhile', () => {
    run(({ expectObservable, cold, expectSubscriptions }) => {
      const link = cold('    o------------', { o: 'open' as const })
      const first = '        -^--!        '
      const again = '        ------^-!    '
      const sent = '         -J---------L '
      const opened = '       -^---------! '
      const { socket, sent$ } = socketOn({ link: () => link }, { lingerMs: 3 })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel, first)
      expectObservable(channel.pipe(map(letter)), again).toBe('------J')
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })
})

describe('S2: one-shot', () => {
  it('connects, joins, pushes, gets the reply, leaves and closes', () => {
    run(({ expectObservable, cold, expectSubscriptions }) => {
      const link = cold('  --o--------', { o: 'open' as const })
      const sent = '       --J-p-L    '
      const reply = '      ------(r|) '
      const opened = '     ^-----!    '
      const { socket, sent$ } = socketOn({
        link: () => link,
        answer: answers({ p: ok('pong') }, 2),
      })

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').push('p')).toBe(reply, { r: 'pong' })
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('ends by itself when everything happens within one call', () => {
    run(({ expectObservable, cold, expectSubscriptions }) => {
      const link = cold('o', { o: 'open' as const })
      const { socket, sent$ } = socketOn({ link: () => link })

      expectObservable(sent$).toBe('(JpL)')
      expectObservable(socket.channel('room:a').push('p')).toBe('(r|)', { r: {} })
      expectSubscriptions(link.subscriptions).toBe('(^!)')
    })
  })

  it('takes one event and goes', () => {
    run(({ expectObservable, cold }) => {
      const news = '   ---a--b  '
      const heard = '  ---(a|)  '
      const sent = '   J--L     '
      const payloads = { a: { n: 1 }, b: { n: 2 } }
      const { socket, sent$ } = socketOn({
        link: () => saying(cold(news, payloads).pipe(map((payload) => broadcast('room:a', 'news', payload)))),
      })

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').on('news').pipe(take(1))).toBe(heard, payloads)
    })
  })

  it('reacts to an event with a push, on the same join', () => {
    run(({ expectObservable, cold }) => {
      const news = '        ---a--b---- '
      const subscribed = '  ^--------!  '
      const sent = '        J--p--p--L  '
      const heard = '       ----r--r    '
      const { socket, sent$ } = socketOn({
        link: () => saying(cold(news).pipe(map(() => broadcast('room:a', 'news')))),
        answer: answers({ p: ok('r') }, 1),
      })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel.on('news').pipe(mergeMap(() => channel.push('p'))), subscribed).toBe(heard)
    })
  })
})
