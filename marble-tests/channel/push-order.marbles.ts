import { filter, map, merge, mergeMap, NEVER, retry, take } from 'rxjs'
import { answers, cut, ok, refuse, socketOn } from '../support/channel.ts'
import { about, run } from '../support/run.ts'

describe('S5: pushes wait for the join', () => {
  it('and go out with it, in order of subscription', () => {
    run(({ expectObservable }) => {
      const a = '     -^               '
      const b = '     ---^             '
      const c = '     --^              '
      const sent = '  -J-----(acb)-L   '
      const reply = ' -------------(r|)'
      const { socket, sent$ } = socketOn({ answer: answers({}, 6) })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel.push('a'), a).toBe(reply, { r: {} })
      expectObservable(channel.push('b'), b).toBe(reply, { r: {} })
      expectObservable(channel.push('c'), c).toBe(reply, { r: {} })
    })
  })

  it('ahead of those that are made when the channel says that it is joined', () => {
    run(({ expectObservable }) => {
      const subscribed = '  ^------------!'
      const sent = '        J--(abc)-----L'
      const { socket, sent$ } = socketOn({ answer: answers({}, 3) })
      const channel = socket.channel('room:a')
      const onJoin$ = channel.pipe(
        filter(({ status }) => status === 'joined'),
        mergeMap(() => channel.push('c')),
      )

      expectObservable(sent$).toBe(sent)
      expectObservable(onJoin$, subscribed)
      expectObservable(merge(channel.push('a'), channel.push('b')), subscribed)
    })
  })

  it('not past one that was unsubscribed while those before it went out', () => {
    run(({ expectObservable }) => {
      // b goes with the reply to a, which comes within the sending of a.
      const { socket, sent$ } = socketOn({ answer: answers({ phx_join: (m) => ok()(m, 0) }) })
      const channel = socket.channel('room:a')
      const either$ = merge(channel.push('a'), channel.push('b')).pipe(take(1))

      expectObservable(sent$).toBe('(JaL)')
      expectObservable(either$).toBe('(r|)', { r: {} })
    })
  })

  it('joins go out before the pushes that wait, on the first connection and on the next', () => {
    run(({ expectObservable, cold }) => {
      const link = '        o---------#            '
      const subscribed = '  ^-----------------------!'
      const sent = '        (AB)-(pq)----(AB)-(pq)'
      const { socket, server } = socketOn({
        link: (index) =>
          index === 0 ? cold<'open'>(link, { o: 'open' }, cut()) : cold<'open'>('o', { o: 'open' }),
        answer: answers({ p: () => NEVER }, 5),
      })
      const sent$ = server.sent$.pipe(map(about))
      const letters = { A: 'room:a phx_join', B: 'room:b phx_join', p: 'room:a p', q: 'room:b p' }
      const [a, b] = [socket.channel('room:a'), socket.channel('room:b')]

      expectObservable(sent$, subscribed).toBe(sent, letters)
      expectObservable(merge(a.push('p').pipe(retry(1)), b.push('p').pipe(retry(1))), subscribed)
    })
  })

  it('joins go out first also when the answer to one comes while it is being sent', () => {
    run(({ expectObservable, cold }) => {
      const link = '        -o------#           '
      const subscribed = '  ^-----------------!'
      const sent = '        -(ABpq)----(ABpq)  '
      const { socket, server } = socketOn({
        link: (index) =>
          index === 0 ? cold<'open'>(link, { o: 'open' }, cut()) : cold<'open'>('o', { o: 'open' }),
        answer: answers({ p: () => NEVER }),
      })
      const sent$ = server.sent$.pipe(map(about))
      const letters = { A: 'room:a phx_join', B: 'room:b phx_join', p: 'room:a p', q: 'room:b p' }
      const [a, b] = [socket.channel('room:a'), socket.channel('room:b')]

      expectObservable(sent$, subscribed).toBe(sent, letters)
      expectObservable(merge(a.push('p').pipe(retry(1)), b.push('p').pipe(retry(1))), subscribed)
    })
  })
})

describe('S5: each subscription is one send', () => {
  it('a second subscriber sends again, and so does repeat() or retry()', () => {
    run(({ expectObservable }) => {
      const held = '    -^-----------------!'
      const first = '   ---^                '
      const retried = ' -------^            '
      const sent = '    -J-p---q-q---------L'
      const { socket, sent$ } = socketOn({
        answer: answers({ p: ok('r'), q: (message) => refuse('no')(message, 0) }, 2),
      })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel, held)
      expectObservable(channel.push('p'), first).toBe('-----(r|)')
      expectObservable(channel.push('q').pipe(retry(1)), retried).toBe(
        '-----------#',
        {},
        expect.objectContaining({ _tag: 'PushRefused' }),
      )
    })
  })

  it('refs are taken when a push is sent, so that they rise in the order of sending', () => {
    run(({ expectObservable }) => {
      const { socket, server } = socketOn({ answer: answers({}, 3) })
      const refs$ = server.sent$.pipe(map(({ event, ref }) => `${event} ${String(ref)}`))
      const channel = socket.channel('room:a')

      expectObservable(refs$, '^----!').toBe('J--(ab)', { J: 'phx_join 1', a: 'a 2', b: 'b 3' })
      expectObservable(channel.push('b'), '-^-----!')
      expectObservable(channel.push('a'), '^------!')
    })
  })
})
