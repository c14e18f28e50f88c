import { EMPTY, map, merge, NEVER, of, Subject, tap } from 'rxjs'
import { replyTo, unmatchedTo } from '../../lib/testing/index.ts'
import { answers, errorLike, letter, ok, refuse, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

const subscribed = '  -^---------------!'

describe('S6: a push settles once', () => {
  it('with the response of an ok reply, and completes; a second reply is dropped', () => {
    run(({ expectObservable }) => {
      const replies = '---(r|)'
      const { socket } = socketOn({
        answer: answers({ p: (m) => merge(ok({ n: 1 })(m, 0), ok({ n: 2 })(m, 0), refuse('late')(m, 0)) }, 2),
      })
      const channel = socket.channel('room:a')

      expectObservable(channel, subscribed)
      expectObservable(channel.push('p', { x: 1 }), '-----^').toBe(`----${replies}`, { r: { n: 1 } })
    })
  })

  it.each([
    ['error', { why: 'because' }],
    ['weird', {}],
    ['timeout', 'a string'],
    ['', null],
  ])('with PushRefused for the status "%s", known or not', (status, response) => {
    run(({ expectObservable }) => {
      const { socket } = socketOn({ answer: answers({ p: (m) => of(replyTo(m, status, response)) }, 2) })

      expectObservable(socket.channel('room:a').push('p')).toBe(
        '----#',
        {},
        errorLike('PushRefused', { status, response, topic: 'room:a', event: 'p' }),
      )
    })
  })

  it('with PushTimeout, which has whether it was sent', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({ p: () => NEVER }, 3) })
      const channel = socket.channel('room:a', { pushTimeoutMs: 5 })

      expectObservable(sent$).toBe('J--p-L')
      expectObservable(channel.push('p')).toBe(
        '-----#',
        {},
        errorLike('PushTimeout', { sent: true, timeoutMs: 5 }),
      )
      expectObservable(channel.push('p', {}, { timeoutMs: 2 })).toBe(
        '--#',
        {},
        errorLike('PushTimeout', { sent: false, timeoutMs: 2 }),
      )
    })
  })

  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  it.each([
    ['a BigInt', 1n],
    ['a cycle', cycle],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
  ])('with InvalidPayload immediately, joined or not, for %s', (_name, payload) => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({}, 2) })
      const channel = socket.channel('room:a')
      const error = errorLike('InvalidPayload', { topic: 'room:a', event: 'p' })

      expectObservable(sent$).toBe('  -J---------------L')
      expectObservable(channel, subscribed)
      expectObservable(channel.push('p', payload), '--^').toBe('--#', {}, error)
      expectObservable(channel.push('p', payload), '------^').toBe('------#', {}, error)
    })
  })

  it('and nothing comes after its value, whatever the value brings about', () => {
    run(({ expectObservable }) => {
      const pause: Subject<boolean> = new Subject()
      const { socket } = socketOn({}, { pause })
      const reply$ = socket
        .channel('room:a')
        .push('p')
        .pipe(
          tap(() => {
            pause.next(true)
          }),
        )

      expectObservable(reply$).toBe('(r|)', { r: {} })
    })
  })
})

describe('S6: unsubscribing cancels a push', () => {
  it('one that is not sent is never sent', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({}, 5) })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe('-J---------------L')
      expectObservable(channel, subscribed)
      expectObservable(channel.push('p'), '--^-!').toBe('-')
    })
  })

  it('the late reply to one that is sent is dropped without a word', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({}, 3) })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe('-J----p----------L')
      expectObservable(channel, subscribed)
      expectObservable(channel.messages$, subscribed).toBe('-')
      expectObservable(channel.push('p'), '------^-!').toBe('-')
    })
  })
})

describe('S6: the state changes first, then the pushes fail', () => {
  it('a topic that is not joined any more: PushRefused for the one, ChannelCrashed for the others, and a rejoin', () => {
    run(({ expectObservable }) => {
      const until = '      -^---------------------!'
      const sent = '       -J-----(qp)----J-------L'
      const sees = '       -(wj)-J-----e--j----R   '
      const pushed = '     -------^'
      const failed = '     ------------#'
      const { socket, sent$ } = socketOn({
        answer: answers({ p: (m) => of(unmatchedTo(m)), q: () => EMPTY }, 5),
      })
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe(sent)
      expectObservable(channel.pipe(map(letter)), until).toBe(sees)
      expectObservable(channel.push('q'), pushed).toBe(
        failed,
        {},
        errorLike('ChannelCrashed', { sent: true, payload: { reason: 'unmatched topic' } }),
      )
      expectObservable(channel.push('p'), pushed).toBe(
        failed,
        {},
        errorLike('PushRefused', { status: 'error' }),
      )
    })
  })
})
