import { delay, EMPTY, filter, map, merge, of, skip } from 'rxjs'
import {
  type ChannelError,
  defaultRejoin,
  JoinRefused,
  phoenixSocket,
  type RetryPolicy,
  steppedBackoff,
} from '../../lib/index.ts'
import { broadcast, closed, crashed, fakePhoenix, openLink, unmatchedTo } from '../../lib/testing/index.ts'
import {
  answers,
  cut,
  errorLike,
  inTurn,
  kind,
  letter,
  ok,
  refuse,
  saying,
  socketOn,
} from '../support/channel.ts'
import { run, word } from '../support/run.ts'

const stopOnRefusal: RetryPolicy = (cause) => (cause instanceof JoinRefused ? 'stop' : 3)

describe('S7: a channel survives reconnects', () => {
  it('through waiting, joining and joined again; on() and messages$ neither repeat nor err', () => {
    run(({ expectObservable, cold }) => {
      const link = '        -------#           '
      const news = '        ---n               '
      const subscribed = '  -^----------------!'
      const sent = '        -J---------J------L'
      const sees = '        -(wjJ)--w--(jR)    '
      const heard = '       ----n---------n    '
      const { socket, sent$ } = socketOn({
        link: (index) =>
          saying(
            merge(
              index === 0 ? cold<never>(link, {}, cut()) : EMPTY,
              cold(news).pipe(map(() => broadcast('room:a', 'news', 'n'))),
            ),
          ),
      })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel.pipe(map(letter)), subscribed).toBe(sees)
      expectObservable(channel.on('news'), subscribed).toBe(heard)
      expectObservable(channel.messages$.pipe(map(({ payload }) => payload)), subscribed).toBe(heard)
    })
  })
})

describe('S8: the end of a join', () => {
  it('phx_error: errored, then joined again by the policy', () => {
    run(({ expectObservable, cold }) => {
      const crashes = '    ------c-----d-----------'
      const subscribed = ' ^---------------------!  '
      const sent = '       J-------J-----J-------L'
      const sees = '       (wjJ)-a-(jR)b-(jR)     '
      const { socket, sent$ } = socketOn({
        link: () => saying(cold(crashes, { c: crashed('room:a', '1'), d: crashed('room:a', '2') })),
      })
      const channel = socket.channel('room:a', { rejoin: steppedBackoff([2], 9) })
      const cause = errorLike('ChannelCrashed', { payload: { reason: 'channel_crash' } })
      const errored = { status: 'errored', attempt: 1, retryInMs: 2, cause }

      expectObservable(sent$).toBe(sent)
      expectObservable(
        channel.pipe(map((state) => ('cause' in state ? state : letter(state)))),
        subscribed,
      ).toBe(sees, { w: 'w', j: 'j', J: 'J', R: 'R', a: errored, b: errored })
    })
  })

  it('phx_error instead of an answer: a failed join, which the policy counts', () => {
    run(({ expectObservable }) => {
      const subscribed = ' ^---------------------------!'
      const sent = '       J--J-----J----------J------ '
      const { socket, sent$ } = socketOn({
        answer: (message) => of(crashed(message.topic, message.ref ?? '')),
      })
      const channel = socket.channel('room:a', { rejoin: steppedBackoff([3, 6], 11) })

      expectObservable(sent$).toBe(sent)
      expectObservable(
        channel.pipe(
          filter(({ status }) => status === 'errored'),
          map((state) => 'attempt' in state && state.attempt),
        ),
        subscribed,
      ).toBe('a--b-----c----------d', { a: 1, b: 2, c: 3, d: 4 })
    })
  })

  it('phx_close: closed, then complete, for all that is derived from the channel', () => {
    run(({ expectObservable, cold }) => {
      const closes = '     ------x'
      const sees = '       (wjJ)-(x|)'
      const ends = '       ------|'
      const { socket } = socketOn({ link: () => saying(cold(closes, { x: closed('room:a', '1') })) })
      const channel = socket.channel('room:a')

      expectObservable(channel.pipe(map(letter))).toBe(sees)
      expectObservable(channel.on('news')).toBe(ends)
      expectObservable(channel.messages$).toBe(ends)
      expectObservable(socket.pipe(map(word)), '-------------^!').toBe('-------------(co)', {
        c: 'connecting',
        o: 'open',
      })
    })
  })
})

describe('S8: an unmatched topic that we believe joined', () => {
  it('is joined again, also when only a send was refused', () => {
    run(({ expectObservable }) => {
      const subscribed = ' ^--------------!'
      const send = '       ------^         '
      const sent = '       J-----p----J---L'
      const sees = '       --------e--j-R  '
      const { socket, sent$ } = socketOn({ answer: answers({ p: (m) => of(unmatchedTo(m)) }, 2) })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel.pipe(skip(3), map(letter)), subscribed).toBe(sees)
      expectObservable(channel.send('p'), send).toBe('------|')
    })
  })
})

describe('S8: a join that fails', () => {
  it('errors by default when the server refuses it, with everything derived from the channel', () => {
    run(({ expectObservable }) => {
      const { transport, sent$ } = fakePhoenix({ answer: answers({ phx_join: refuse('no entry') }, 5) })
      // Without a policy, since this is about the default.
      const channel = phoenixSocket('ws://localhost/socket', { transport }).channel('room:a')
      const error = errorLike('JoinRefused', { topic: 'room:a', response: { reason: 'no entry' } })

      expectObservable(sent$.pipe(map(kind)), '^ 1m !').toBe('J')
      expectObservable(channel.pipe(map(letter))).toBe('(wj)-#', undefined, error)
      expectObservable(channel.on('news')).toBe('-----#', undefined, error)
    })
  })

  it.each<[string, string, ChannelError['_tag']]>([
    ['refused', 'not ready', 'JoinRefused'],
    ['refused for too many channels', 'too many channels joined', 'TooManyChannels'],
  ])('is tried again by default if it is a rejoin that was %s', (_name, reason, _tag) => {
    run(({ expectObservable, cold }) => {
      const link = cold<'open'>('o--#', { o: 'open' }, cut())
      const subscribed = '^ 4s !'
      const { socket } = socketOn(
        {
          link: (index) => (index === 0 ? link : openLink),
          answer: answers({ phx_join: inTurn(ok(), refuse(reason)) }),
        },
        { rejoin: defaultRejoin },
      )
      const errors$ = socket.channel('room:a').pipe(
        filter((state) => state.status === 'errored'),
        map(({ cause, attempt, retryInMs }) => ({ cause, attempt, retryInMs })),
      )
      const cause = errorLike(_tag, { rejoin: true })

      expectObservable(errors$, subscribed).toBe('6ms a 999ms b 1999ms c', {
        a: { cause, attempt: 1, retryInMs: 1000 },
        b: { cause, attempt: 2, retryInMs: 2000 },
        c: { cause, attempt: 3, retryInMs: 5000 },
      })
    })
  })

  it('ends the channel by default if it is refused, and had never been joined before', () => {
    run(({ expectObservable, cold }) => {
      const link = cold<'open'>('o--#', { o: 'open' }, cut())
      const { socket } = socketOn(
        {
          link: (index) => (index === 0 ? link : openLink),
          answer: (m, index) => (index === 0 ? EMPTY : refuse('not ready')(m, index)),
        },
        { rejoin: defaultRejoin },
      )

      expectObservable(socket.channel('room:a').on('x')).toBe('------#', {}, errorLike('JoinRefused'))
    })
  })

  it('ends the channel by default if it is refused after everybody had left', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn(
        { answer: answers({ phx_join: inTurn(ok(), refuse('full')) }) },
        { rejoin: defaultRejoin },
      )

      expectObservable(socket.channel('room:a'), '-^--!')
      expectObservable(socket.channel('room:a').on('x'), '------^').toBe(
        '------#',
        {},
        errorLike('JoinRefused'),
      )
    })
  })

  it('is retried if the policy decides so, which sees the cause and the number of failures', () => {
    run(({ expectObservable, flush }) => {
      const seen: unknown[] = []
      const { socket, sent$ } = socketOn({ answer: answers({ phx_join: refuse('full') }, 1) })
      const rejoin: RetryPolicy = (cause, attempt) => {
        seen.push([cause._tag, attempt])
        return attempt < 3 ? attempt * 2 : 'stop'
      }

      expectObservable(sent$).toBe('J--J----J')
      expectObservable(socket.channel('room:a', { rejoin }).on('x')).toBe(
        '---------#',
        {},
        errorLike('JoinRefused'),
      )
      flush()
      expect(seen).toEqual([1, 2, 3].map((attempt) => ['JoinRefused', attempt]))
    })
  })

  it('without an answer is left first, then retried; a late answer is ignored', () => {
    run(({ expectObservable }) => {
      const subscribed = ' ^-----------------!'
      const sent = '       J----L--J----L--J-L'
      const sees = '       (wj)-e--j----e--j'
      const { socket, sent$ } = socketOn({ answer: answers({ phx_join: () => EMPTY }) })
      const channel = socket.channel('room:a', { joinTimeoutMs: 5 })

      expectObservable(sent$).toBe(sent)
      expectObservable(channel.pipe(map(letter)), subscribed).toBe(sees)
    })
  })

  it('in time but with an unmatched topic is refused', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn(
        { answer: (m) => of(unmatchedTo(m)).pipe(delay(1)) },
        { rejoin: stopOnRefusal },
      )

      expectObservable(socket.channel('nosuch:topic').on('x')).toBe(
        '-#',
        {},
        errorLike('JoinRefused', { response: { reason: 'unmatched topic' } }),
      )
    })
  })

  it('is not left when it was refused, nor when it could not be sent', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({ phx_join: refuse('full') }) })

      expectObservable(sent$).toBe('-J--J')
      expectObservable(socket.channel('room:a'), '-^---!')
      expectObservable(socket.channel('room:b', { params: 1n }).on('x')).toBe(
        '#',
        {},
        errorLike('InputFailed'),
      )
    })
  })

  it('is left when nobody awaits its answer any more', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({ phx_join: () => EMPTY }) })

      expectObservable(sent$).toBe('-J--L')
      expectObservable(socket.channel('room:a').on('x'), '-^--!').toBe('-')
    })
  })
})

describe('S8: joins in flight', () => {
  it('are limited; the time of each counts from its sending', () => {
    run(({ expectObservable }) => {
      const subscribed = ' -^----------------!'
      const { socket, server } = socketOn({ answer: answers({}, 4) }, { joinsInFlight: 2, joinTimeoutMs: 6 })
      const topics = ['a', 'b', 'c', 'd', 'e']
      const joins$ = server.sent$.pipe(map(({ topic, event }) => (event === 'phx_join' ? topic : 'L')))

      expectObservable(joins$, '^----------------!').toBe('-(ab)(cd)e')
      for (const topic of topics)
        expectObservable(
          socket.channel(topic).pipe(filter(({ status }) => status === 'errored')),
          subscribed,
        ).toBe('-')
    })
  })

  it('do not come to their turn when the connection is lost', () => {
    run(({ expectObservable, cold }) => {
      const link = cold<'open'>('o--#', { o: 'open' }, cut())
      const subscribed = '      ^--------!'
      const { socket, server } = socketOn(
        {
          link: (index) => (index === 0 ? link : openLink),
          answer: answers({ phx_join: (message, index) => (index === 0 ? EMPTY : ok()(message, index)) }),
        },
        { joinsInFlight: 1 },
      )
      const refs$ = server.sent$.pipe(
        filter(({ event }) => event === 'phx_join'),
        map(({ ref }) => ref),
      )

      expectObservable(refs$, subscribed).toBe('1-----(23)')
      for (const topic of ['a', 'b']) expectObservable(socket.channel(topic).on('x'), subscribed).toBe('')
    })
  })
})
