import { BehaviorSubject, concat, filter, map, mergeMap, repeat, retry, skipWhile, take, tap } from 'rxjs'
import { broadcast, closed } from '../../lib/testing/index.ts'
import { answers, errorLike, inTurn, letter, ok, refuse, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

describe('S3: subscribing again in reaction to an end finds the join still there', () => {
  it('concat of pushes connects and joins once', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({}, 2) })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe('J-a-b-L')
      expectObservable(concat(channel.push('a'), channel.push('b'))).toBe('----r-(r|)', { r: {} })
    })
  })

  it('so does repeat of a push, and concat of sends', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({}, 2) })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe('J-a-a-(bcL)')
      expectObservable(concat(channel.push('a').pipe(repeat(2)), channel.send('b'), channel.send('c'))).toBe(
        '----r-(r|)',
        { r: {} },
      )
    })
  })

  it('so does the retry of a push that was refused', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({ p: inTurn(refuse('busy'), ok('r')) }, 2) })

      expectObservable(sent$).toBe('J-p-p-L')
      expectObservable(socket.channel('room:a').push('p').pipe(retry(1))).toBe('------(r|)')
    })
  })

  it('so does a push made of the first event', () => {
    run(({ expectObservable, cold }) => {
      const { socket, sent$ } = socketOn({
        link: () => saying(cold('---n').pipe(map(() => broadcast('room:a', 'news')))),
        answer: answers({}, 2),
      })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe('J--p-L')
      expectObservable(concat(channel.on('news').pipe(take(1)), channel.push('p'))).toBe('---r-(r|)', {
        r: {},
      })
    })
  })

  it('with other options it is left first, as when nobody was there', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({}, 2) })
      const one = socket.channel('room:a', { params: { v: 1 } })
      const two = socket.channel('room:a', { params: { v: 2 } })

      expectObservable(sent$).toBe('J-a-(LJ)L')
      expectObservable(concat(one.push('a'), two.on('news')), '^-------!').toBe('----r', {
        r: {},
      })
    })
  })
})

describe('S15: subscribers that act within a notification', () => {
  it('unsubscribing in reaction to the join leaves immediately', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({}, 2) })
      const joined$ = socket.channel('room:a').pipe(
        filter(({ status }) => status === 'joined'),
        map(letter),
        take(1),
      )

      expectObservable(sent$).toBe('J-L')
      expectObservable(joined$).toBe('--(J|)')
    })
  })

  it('unsubscribing the others at an event keeps it from them', () => {
    run(({ expectObservable, cold }) => {
      const { socket } = socketOn({
        link: () => saying(cold('---n').pipe(map(() => broadcast('room:a', 'news', 'n')))),
      })
      const channel = socket.channel('room:a')
      const second = channel.on('news').subscribe()

      expectObservable(
        channel.on('news').pipe(
          tap(() => {
            second.unsubscribe()
          }),
          take(1),
        ),
      ).toBe('---(n|)')
    })
  })

  it.each([
    ['plain', { n: 1 }],
    ['dynamic', () => ({ n: 1 })],
  ])(
    'unsubscribing last in reaction to `joining` sends no join: nobody would leave it (%s params)',
    (_kind, params) => {
      run(({ expectObservable }) => {
        const { socket, sent$ } = socketOn({ answer: answers({}, 2) })
        const joining$ = socket.channel('room:a', { params }).pipe(
          filter(({ status }) => status === 'joining'),
          map(letter),
          take(1),
        )

        expectObservable(socket, '^----!')
        expectObservable(sent$).toBe('')
        expectObservable(joining$).toBe('(j|)')
      })
    },
  )

  it('a push at the news of `closed` joins afresh', () => {
    run(({ expectObservable, cold }) => {
      const { socket, sent$ } = socketOn({
        link: () => saying(cold('-----x', { x: closed('room:a', '1') })),
        answer: answers({}, 2),
      })
      const channel = socket.channel('room:a')
      const last$ = channel.pipe(
        filter(({ status }) => status === 'closed'),
        mergeMap(() => channel.push('p')),
      )

      expectObservable(sent$).toBe('J----J-p-L')
      expectObservable(last$).toBe('---------(r|)', { r: {} })
    })
  })

  it('a push that wants no reply fails when the topic turns out not to be joined', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn(
        { answer: answers({ phx_join: refuse('full') }, 2) },
        { rejoin: () => 'stop' },
      )

      expectObservable(socket.channel('room:a').send('p')).toBe('--#', {}, errorLike('JoinRefused'))
    })
  })

  it.each([
    ['a connection that has just opened', undefined, '(JpL)'],
    ['one that is in use', 'room:b', '(JJpL)L'],
  ])(
    'new params at the reply of the only push: the join that they would bring about is not sent, on %s',
    (_case, other, sent) => {
      run(({ expectObservable }) => {
        const { socket, sent$ } = socketOn({}, { joinsInFlight: 1 })
        const params$ = new BehaviorSubject({ n: 0 })
        const channel = socket.channel('room:a', { params: params$ })
        const push$ = channel.push('p').pipe(
          tap(() => {
            params$.next({ n: 1 })
          }),
        )

        expectObservable(sent$).toBe(sent)
        expectObservable<unknown>(other === undefined ? socket : socket.channel(other), '^-----!')
        expectObservable(push$).toBe('(r|)', { r: {} })
      })
    },
  )
})

describe('S7: events that have odd names', () => {
  it('are messages as any other, and no states', () => {
    run(({ expectObservable, cold }) => {
      const names = { a: '', b: 'phx_join', c: 'phx_leave' }
      const events = '         -----a-b-c-|'
      const states = '         --J--------'
      const messages = '       -----a-b-c-'
      const subscribed = '     ^----------!'
      const { socket } = socketOn({
        link: () => saying(cold(events, names).pipe(map((name) => broadcast('room:a', name)))),
        answer: answers({}, 2),
      })
      const channel = socket.channel('room:a')

      const joined$ = channel.pipe(skipWhile(({ status }) => status !== 'joined'))
      expectObservable(joined$.pipe(map(letter)), subscribed).toBe(states)
      expectObservable(channel.messages$.pipe(map(({ event }) => event)), subscribed).toBe(messages, names)
    })
  })
})
