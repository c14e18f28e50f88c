import { jest } from '@jest/globals'
import { BehaviorSubject, map, NEVER, of, repeat, retry } from 'rxjs'
import {
  type ChannelOptions,
  exponentialBackoff,
  fullJitter,
  heedRetryAfter,
  type JoinContext,
  type RetryPolicy,
  singleFlight,
  type SocketError,
  steppedBackoff,
  stopAfter,
  stopAfterRefusals,
  stopOn,
} from '../../lib/index.ts'
import { closed } from '../../lib/testing/index.ts'
import { answers, errorLike, inTurn, letter, ok, refuse, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

describe('S3: one topic, one join', () => {
  // Functions of the same text are shared with a warning; same-text.spec.ts has it.
  beforeEach(() => {
    jest.spyOn(console, 'warn').mockImplementation(() => undefined)
  })
  afterEach(() => {
    jest.restoreAllMocks()
  })

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
  const stream$ = of({ n: 1 })
  const bound = policy.bind(null)
  const random = (): number => 0.5
  const refused = ({ _tag }: SocketError): boolean => _tag === 'JoinRefused'
  const inPlace = (): ChannelOptions => ({
    params: ({ attempt }: JoinContext) => ({ attempt }),
    rejoin: (_cause, attempt) => attempt * 3,
  })
  const policyOf = (make: () => RetryPolicy): [ChannelOptions, ChannelOptions] => [
    { rejoin: make() },
    { rejoin: make() },
  ]
  const policies: [string, ChannelOptions, ChannelOptions, boolean][] = [
    ['steppedBackoff of equal steps', ...policyOf(() => steppedBackoff([1], 2)), true],
    [
      'steppedBackoff of other steps',
      { rejoin: steppedBackoff([1], 2) },
      { rejoin: steppedBackoff([3], 2) },
      false,
    ],
    ['exponentialBackoff of equal numbers', ...policyOf(() => exponentialBackoff({ maxMs: 9 })), true],
    [
      'exponentialBackoff of other numbers',
      { rejoin: exponentialBackoff() },
      { rejoin: exponentialBackoff({ factor: 3 }) },
      false,
    ],
    ['fullJitter of equal policies', ...policyOf(() => fullJitter(steppedBackoff([1], 2), random)), true],
    [
      'fullJitter of other policies',
      { rejoin: fullJitter(steppedBackoff([1], 2)) },
      { rejoin: fullJitter(steppedBackoff([1], 3)) },
      false,
    ],
    ['heedRetryAfter of equal policies', ...policyOf(() => heedRetryAfter(steppedBackoff([1], 2))), true],
    ['stopAfter of equal numbers', ...policyOf(() => stopAfter(3)), true],
    ['stopAfter of other numbers', { rejoin: stopAfter(3) }, { rejoin: stopAfter(4) }, false],
    ['stopAfter of equal policies', ...policyOf(() => stopAfter(3)(steppedBackoff([1], 2))), true],
    [
      'stopAfter of other policies',
      { rejoin: stopAfter(3)(steppedBackoff([1], 2)) },
      { rejoin: stopAfter(3)(policy) },
      false,
    ],
    [
      'stopAfter with and without a policy',
      { rejoin: stopAfter(3)(policy) },
      { rejoin: stopAfter(3) },
      false,
    ],
    ['stopOn of equal predicates', ...policyOf(() => stopOn(refused)(policy)), true],
    ['stopAfterRefusals of equal numbers', ...policyOf(() => stopAfterRefusals(2)(policy)), true],
    [
      'stopAfterRefusals of other numbers',
      { rejoin: stopAfterRefusals(2)(policy) },
      { rejoin: stopAfterRefusals(3)(policy) },
      false,
    ],
    ['different policies of the library', { rejoin: steppedBackoff([1], 2) }, { rejoin: policy }, false],
    [
      'singleFlight of the same text',
      { params: singleFlight(() => 1) },
      { params: singleFlight(() => 1) },
      true,
    ],
    [
      'singleFlight of other texts',
      { params: singleFlight(() => 1) },
      { params: singleFlight(() => 2) },
      false,
    ],
  ]
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
    ['functions written in place', inPlace(), inPlace(), true],
    ['functions of other texts', { rejoin: () => 3 }, { rejoin: () => 4 }, false],
    ['a bound function with itself', { rejoin: bound }, { rejoin: bound }, true],
    ['two bound functions', { rejoin: policy.bind(null) }, { rejoin: policy.bind(null) }, false],
    ['two native functions', { params: Math.max }, { params: Math.min }, false],
    ['a function and a value', { params: () => ({}) }, { params: {} }, false],
    ['a value that is undefined and none', { params: { a: 1, b: undefined } }, { params: { a: 1 } }, true],
    ...policies,
    ['the same stream', { params: stream$ }, { params: stream$ }, true],
    ['a stream that looks alike', { params: stream$ }, { params: of({ n: 1 }) }, false],
  ])('compares %s', (_name, held, given, same) => {
    run(({ expectObservable }) => {
      const { socket } = socketOn()

      expectObservable(socket.channel('room:a', held), '-^-----!')
      expectObservable(socket.channel('room:a', given).pipe(map(() => 's')), '---^-!').toBe(
        same ? '---s' : '---#',
        undefined,
        errorLike('AlreadyJoined'),
      )
    })
  })

  it('calls the function of the first subscriber where two of one text capture different values', () => {
    run(({ expectObservable }) => {
      const { socket, server } = socketOn()
      const room = (nickname: string) => socket.channel('room:a', { params: () => ({ nickname }) })
      const payloads$ = server.sent$.pipe(map(({ payload }) => payload))

      expectObservable(payloads$).toBe('-a------l', { a: { nickname: 'ann' }, l: {} })
      expectObservable(room('ann'), '-^-----!')
      expectObservable(room('bob').pipe(map(letter)), '---^----!').toBe('---J')
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
  it('comes back to a join that lingers, with the same options written in place', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({}, { lingerMs: 5 })
      const room = () =>
        socket.channel('room:a', { params: () => ({ v: 1 }), rejoin: steppedBackoff([1], 2) })

      expectObservable(sent$).toBe('-J-----------L')
      expectObservable(room(), '-^-!')
      expectObservable(room().pipe(map(letter)), '-----^--!').toBe('-----J')
    })
  })

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
      const subscribed = ' ^-----------!'
      const sent = '       J----J------L'
      const sees = '       (wj)-j----J  '
      const { socket, sent$ } = socketOn(
        { answer: answers({ phx_join: inTurn(refuse('full'), ok()) }, 5) },
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
