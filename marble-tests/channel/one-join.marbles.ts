import { BehaviorSubject, map, NEVER, of, repeat, retry } from 'rxjs'
import { type ChannelOptions } from '../../lib/index.ts'
import { closed } from '../../lib/testing/index.ts'
import { answers, errorLike, letter, ok, refuse, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

describe('S3: one topic, one join', () => {
  it('shares one join between two handles', () => {
    run(({ expectObservable }) => {
      const first = '      -^------!   '
      const second = '     ---^-------!'
      const sent = '       -J---------L'
      const firstSees = '  -(wjJ)      '
      const secondSees = ' ---J        '
      const { socket, sent$ } = socketOn()

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').pipe(map(letter)), first).toBe(firstSees)
      expectObservable(socket.channel('room:a').pipe(map(letter)), second).toBe(secondSees)
    })
  })

  it('gives AlreadyJoined to a subscriber with other options alone; once free, the new options hold', () => {
    run(({ expectObservable }) => {
      const first = '      -^-----!      '
      const second = '     ---^          '
      const third = '      ----------^--!'
      const secondSees = ' ---#          '
      const firstSees = '  -(wjJ)         '
      const thirdSees = '  ----------(wjJ)'
      const payloads = '   -a-----l--b--l'
      const { socket, server } = socketOn()
      const [one, two] = [{ nickname: 'ann' }, { nickname: 'bob' }]
      const payloads$ = server.sent$.pipe(map(({ payload }) => payload))

      expectObservable(payloads$).toBe(payloads, { a: one, b: two, l: {} })
      expectObservable(socket.channel('room:a', { params: one }).pipe(map(letter)), first).toBe(firstSees)
      expectObservable(socket.channel('room:a', { params: two }), second).toBe(
        secondSees,
        {},
        errorLike('AlreadyJoined', { topic: 'room:a', option: 'params' }),
      )
      expectObservable(socket.channel('room:a', { params: two }).pipe(map(letter)), third).toBe(thirdSees)
    })
  })

  const policy = (): number => 3
  const other = (): number => 3
  const stream$ = of({ n: 1 })
  it.each<[string, ChannelOptions, ChannelOptions, boolean]>([
    ['equal values, key order aside', { params: { a: 1, b: [2] } }, { params: { b: [2], a: 1 } }, true],
    ['another value deep inside', { params: { a: { b: [1] } } }, { params: { a: { b: [2] } } }, false],
    ['a list and an object', { params: { a: [] } }, { params: { a: {} } }, false],
    ['equal dates', { params: { at: new Date(1) } }, { params: { at: new Date(1) } }, true],
    [
      'other URLs',
      { params: { at: new URL('http://x/1') } },
      { params: { at: new URL('http://x/2') } },
      false,
    ],
    ['other dates', { params: { at: new Date(1) } }, { params: { at: new Date(2) } }, false],
    ['equal bytes', { params: new Uint8Array([1]).buffer }, { params: new Uint8Array([1]).buffer }, true],
    ['other bytes', { params: new Uint8Array([1]).buffer }, { params: new Uint8Array([2]).buffer }, false],
    ['no params and empty ones', {}, { params: {} }, true],
    ['options left out', { params: { a: 1 }, joinTimeoutMs: 7 }, {}, true],
    ['an option the first has from the socket', {}, { pushTimeoutMs: 10_000 }, true],
    ['another duration', { joinTimeoutMs: 7 }, { joinTimeoutMs: 8 }, false],
    ['the same function', { rejoin: policy }, { rejoin: policy }, true],
    ['a function that looks alike', { rejoin: policy }, { rejoin: other }, false],
    ['the same stream', { params: stream$ }, { params: stream$ }, true],
    ['a stream that looks alike', { params: stream$ }, { params: of({ n: 1 }) }, false],
  ])('compares %s', (_name, held, given, same) => {
    run(({ expectObservable }) => {
      const { socket } = socketOn()

      expectObservable(socket.channel('room:a', held), '-^-----!')
      expectObservable(socket.channel('room:a', given).pipe(map(letter)), '---^-!').toBe(
        same ? '---J' : '---#',
        undefined,
        errorLike('AlreadyJoined'),
      )
    })
  })

  it('does not hold against a handle what it is not asked for', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn()
      const channel = socket.channel('room:a', { unknownOption: [] } as ChannelOptions)

      expectObservable(channel, '-^-----!')
      expectObservable(channel.pipe(map(letter)), '---^-!').toBe('---J')
    })
  })

  it('times a push by the timeout that the topic is held with', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn({ answer: answers({ p: () => NEVER }) })

      expectObservable(socket.channel('room:a', { pushTimeoutMs: 4 }), '-^--------!')
      expectObservable(socket.channel('room:a').push('p'), '--^').toBe(
        '------#',
        {},
        errorLike('PushTimeout', { timeoutMs: 4, sent: true }),
      )
    })
  })
})

describe('S3: after the end of a join', () => {
  it('replaces a join that only lingers when the options are others', () => {
    run(({ expectObservable }) => {
      const first = '  -^-!       '
      const second = ' -----^-!   '
      const sent = '   -J---(LJ)---L'
      const { socket, sent$ } = socketOn({}, { lingerMs: 5 })
      const old = socket.channel('room:a', { params: { v: 1 } })
      const renewed = socket.channel('room:a', { params: { v: 2 } })

      expectObservable(sent$).toBe(sent)
      expectObservable(old, first)
      expectObservable(renewed.pipe(map(letter)), second).toBe('-----(jJ)')
    })
  })

  it('starts afresh after phx_close, also within the completion', () => {
    run(({ expectObservable, cold }) => {
      const ends = '       -----x         '
      const subscribed = ' ^---------!    '
      const sees = '       (wjJ)(xjJ)     '
      const sent = '       J----J----L    '
      const { socket, sent$ } = socketOn({
        link: () => saying(cold(ends, { x: closed('room:a', '1') })),
      })

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').pipe(map(letter), repeat(2)), subscribed).toBe(sees)
    })
  })

  it('starts afresh after a policy stopped, also within the error', () => {
    run(({ expectObservable }) => {
      let joins = 0
      const subscribed = ' ^-----------!'
      const sent = '       J----J------L'
      const sees = '       (wj)-j----J  '
      const { socket, sent$ } = socketOn(
        {
          answer: answers(
            {
              phx_join: (message) => (joins++ === 0 ? refuse('full')(message, 0) : ok()(message, 0)),
            },
            5,
          ),
        },
        { rejoin: () => 'stop' },
      )

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a').pipe(retry(1), map(letter)), subscribed).toBe(sees)
    })
  })

  it('takes the newest value of a stream of params that two handles share', () => {
    run(({ expectObservable }) => {
      const params$ = new BehaviorSubject({ v: 1 })
      const { socket } = socketOn()

      expectObservable(socket.channel('room:a', { params: params$ }).pipe(map(letter)), '-^--!').toBe(
        '-(wjJ)',
      )
      expectObservable(socket.channel('room:a', { params: params$ }).pipe(map(letter)), '--^-!').toBe('--J')
    })
  })
})
