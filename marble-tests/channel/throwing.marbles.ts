import { right } from 'fp-ts/Either'
import { config, map, Subject } from 'rxjs'
import { type TraceEvent, traceTo } from '../../lib/index.ts'
import { broadcast } from '../../lib/testing/index.ts'
import { errorLike, letter, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

describe('S15: a callback that throws affects nothing else', () => {
  const reported: unknown[] = []
  beforeEach(() => {
    reported.length = 0
    config.onUnhandledError = (error) => reported.push(error)
  })
  afterEach(() => {
    config.onUnhandledError = null
  })
  const bug = new Error('a bug of the user')
  const fail = (): never => {
    throw bug
  }

  it.each([
    'a subscriber of on()',
    'a subscriber of messages$',
    'a subscriber of the states',
    'a subscriber of a push',
  ])('keeps the other subscribers when %s throws', (where) => {
    run(({ expectObservable, cold, flush }) => {
      const news = '        ---a--b-- '
      const subscribed = '  ^--------!'
      const heard = '       ---a--b-- '
      const { socket } = socketOn({
        link: () => saying(cold(news).pipe(map((payload) => broadcast('room:a', 'news', payload)))),
      })
      const channel = socket.channel('room:a')
      const throwing$ = {
        'a subscriber of on()': channel.on('news'),
        'a subscriber of messages$': channel.messages$,
        'a subscriber of the states': channel,
        'a subscriber of a push': channel.push('p'),
      }[where]
      const subscription = throwing$?.subscribe(fail)

      expectObservable(channel.on('news'), subscribed).toBe(heard)
      expectObservable(channel.messages$.pipe(map(({ payload }) => payload)), subscribed).toBe(heard)
      cold('---------x').subscribe(() => subscription?.unsubscribe())
      flush()
      expect(new Set(reported)).toEqual(new Set([bug]))
    })
  })

  it('a decoder: the payload is traced and skipped, and the stream lives on', () => {
    run(({ expectObservable, cold }) => {
      const news = '        ---a--b-- '
      const subscribed = '  ^--------!'
      const heard = '       ------b-- '
      const skipped = '     ---s----- '
      const skipped$ = new Subject<string>()
      const trace = (event: TraceEvent): void => {
        if (event.type === 'decode-failed') skipped$.next(event.error.frame)
      }
      const { socket } = socketOn(
        { link: () => saying(cold(news).pipe(map((payload) => broadcast('room:a', 'news', payload)))) },
        { trace: traceTo(trace) },
      )
      const decode = (payload: unknown) => (payload === 'a' ? fail() : right(payload))

      expectObservable(skipped$).toBe(skipped, { s: '"a"' })
      expectObservable(socket.channel('room:a').on('news', decode), subscribed).toBe(heard)
    })
  })

  it('a policy: its channel errors with InputFailed, the others stay', () => {
    run(({ expectObservable, cold }) => {
      const end = '  -----c'
      const { socket } = socketOn({
        link: () => saying(cold(end, { c: { ...broadcast('room:a', 'phx_error'), ref: null } })),
      })
      const states$ = socket.channel('room:a', { rejoin: fail }).pipe(map(letter))

      expectObservable(states$).toBe(
        '(wjJ)#',
        undefined,
        errorLike('InputFailed', { input: 'rejoin', cause: bug }),
      )
      expectObservable(socket.channel('room:b').pipe(map(letter)), '^-------!').toBe('(jJ)')
    })
  })

  it('a trace listener', () => {
    run(({ expectObservable, flush }) => {
      const { socket } = socketOn({}, { trace: traceTo(fail) })

      expectObservable(socket.channel('room:a').push('p')).toBe('(r|)', { r: {} })
      flush()
      expect(new Set(reported)).toEqual(new Set([bug]))
    })
  })
})
