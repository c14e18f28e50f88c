import {
  BehaviorSubject,
  defer,
  EMPTY,
  ignoreElements,
  map,
  NEVER,
  type Observable,
  of,
  take,
  throwError,
  timer,
} from 'rxjs'
import { type Channel, type ChannelOptions, type JoinContext } from '../../lib/index.ts'
import { crashed, pushed } from '../../lib/testing/index.ts'
import { answers, cut, errorLike, letter, refuse, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

const joins = ({ event, payload }: { event: string; payload: unknown }): unknown =>
  event === 'phx_join' ? payload : event === 'phx_leave' ? 'L' : event

/** Its states in letters; what it shows when it has no params in full. */
const seen = (channel: Channel): Observable<unknown> =>
  channel.pipe(map((state) => (state.status === 'errored' ? state : letter(state))))
const noParams = {
  w: 'w',
  j: 'j',
  J: 'J',
  e: expect.objectContaining({
    status: 'errored',
    cause: errorLike('InputFailed', { input: 'params' }),
  }) as unknown,
}

describe('S11: join params', () => {
  it('as a value go with each join', () => {
    run(({ expectObservable, cold }) => {
      const { socket, server } = socketOn({
        link: () => saying(cold('---c', { c: crashed('room:a', '1') })),
      })

      expectObservable(server.sent$.pipe(map(joins))).toBe('a-----a--L', { a: { n: 1 }, L: 'L' })
      expectObservable(socket.channel('room:a', { params: { n: 1 } }), '^--------!')
    })
  })

  it('from a function are evaluated at each join, with the attempt and the last message', () => {
    run(({ expectObservable, cold }) => {
      const message = pushed('room:a', '1', 'news', { id: 7 })
      const { socket, server } = socketOn({
        link: () => saying(cold('-m-c', { m: message, c: crashed('room:a', '1') })),
      })
      const params = (join: JoinContext): JoinContext => join

      expectObservable(server.sent$.pipe(map(joins))).toBe('a-----b--L', {
        a: { attempt: 0 },
        b: { attempt: 1, lastMessage: message },
        L: 'L',
      })
      expectObservable(socket.channel('room:a', { params }), '^--------!')
    })
  })

  it('from an Observable of the function may come later: the state meanwhile is joining', () => {
    run(({ expectObservable }) => {
      const { socket, server } = socketOn()
      const channel = socket.channel('room:a', { params: () => timer(5).pipe(map(() => ({ n: 1 }))) })

      expectObservable(server.sent$.pipe(map(joins))).toBe('-----a---L', { a: { n: 1 }, L: 'L' })
      expectObservable(channel.pipe(map(letter)), '^--------!').toBe('(wj)-J')
    })
  })

  it('from a stream rejoin with each new value, and fail the push in flight', () => {
    run(({ expectObservable, cold }) => {
      const values = '     a--------b-'
      const subscribed = ' ^-------------!'
      const sent = '       a-----p--b----L'
      const sees = '       (wjJ)----(jR)'
      const { socket, server } = socketOn({ answer: answers({ p: () => EMPTY }) })
      const letters = { a: { v: 1 }, b: { v: 2 }, p: 'p', L: 'L' }
      const channel = socket.channel('room:a', { params: cold(values, letters) })

      expectObservable(server.sent$.pipe(map(joins))).toBe(sent, letters)
      expectObservable(channel.pipe(map(letter)), subscribed).toBe(sees)
      expectObservable(channel.push('p'), '------^').toBe(
        '---------#',
        {},
        errorLike('ChannelClosed', { sent: true }),
      )
    })
  })

  it('from a stream that spoke once are kept while the socket is away', () => {
    run(({ expectObservable, cold, hot }) => {
      const values = hot(' -a------------', { a: { v: 1 } })
      const link = '       -----#        '
      const subscribed = ' ^------------!'
      const sent = '       -a------a----L'
      const { socket, server } = socketOn({
        link: (index) => saying(index === 0 ? cold<never>(link, {}, cut()) : NEVER),
      })

      expectObservable(server.sent$.pipe(map(joins))).toBe(sent, { a: { v: 1 }, L: 'L' })
      expectObservable(socket.channel('room:a', { params: values }), subscribed)
    })
  })

  it('from a stream end the wait of a refused join when they change', () => {
    run(({ expectObservable, cold }) => {
      const { socket, sent$ } = socketOn(
        { answer: answers({ phx_join: refuse('stale token') }) },
        { rejoin: () => 50 },
      )

      expectObservable(sent$).toBe('J----J')
      expectObservable(socket.channel('room:a', { params: cold('a----b') }), '^--------!')
    })
  })

  it('from a stream that fails while joined: errored, and the join is left', () => {
    run(({ expectObservable, hot }) => {
      const params = hot('   a----#  ')
      const subscribed = '   ^------!'
      const sent = '         J----L  '
      const sees = '         (wjJ)e  '
      const { socket, sent$ } = socketOn()

      expectObservable(sent$).toBe(sent)
      expectObservable(socket.channel('room:a', { params }).pipe(map(letter)), subscribed).toBe(sees)
    })
  })

  it('from a stream that subscribes to its own channel lead to one join', () => {
    run(({ expectObservable }) => {
      const { socket, server } = socketOn({ link: () => saying(NEVER) })
      const channel: Channel = socket.channel('room:a', {
        params: defer(() => {
          channel.pipe(take(1)).subscribe()
          return of({ n: 1 })
        }),
      })

      expectObservable(server.sent$.pipe(map(joins))).toBe('a----L', { a: { n: 1 }, L: 'L' })
      expectObservable(channel.pipe(ignoreElements()), '^----!').toBe('')
    })
  })

  it.each<[string, ChannelOptions['params']]>([
    [
      'that throws',
      () => {
        throw new Error('no token')
      },
    ],
    ['that rejects', () => throwError(() => new Error('no token'))],
    ['that gives nothing', () => EMPTY],
  ])('from a function %s are a failed attempt: InputFailed, and again by the policy', (_name, params) => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({}, { rejoin: () => 9 })
      const subscribed = ' ^-------------------!'
      const sees = '       (wje)----(je)-----(je)'

      expectObservable(sent$).toBe('')
      expectObservable(seen(socket.channel('room:a', { params })), subscribed).toBe(sees, noParams)
    })
  })

  it('from a function that never gives them are a failed attempt at joinTimeoutMs, and again by the policy', () => {
    run(({ expectObservable, expectSubscriptions, cold }) => {
      const params = cold<object>('-')
      const subscribed = '    ^-------------------------------!'
      const sees = '          (wj)--e--------j-----e--------j'
      const evaluated = ['    ^-----!', '---------------^-----!', '------------------------------^-!']
      const { socket, sent$ } = socketOn({}, { rejoin: () => 9 })
      const channel = socket.channel('room:a', { params: () => params, joinTimeoutMs: 6 })

      expectObservable(seen(channel), subscribed).toBe(sees, noParams)
      expectSubscriptions(params.subscriptions).toBe(evaluated)
      expectObservable(sent$).toBe('')
    })
  })

  it('from a function that gives them at the second attempt are joined with then', () => {
    run(({ expectObservable }) => {
      const params = ({ attempt }: JoinContext) => (attempt === 0 ? NEVER : { attempt })
      const subscribed = '^-----------------!'
      const sees = '      (wj)--e--------(jJ)'
      const sent = '      ---------------a--L'
      const { socket, server } = socketOn({}, { rejoin: () => 9 })
      const channel = socket.channel('room:a', { params, joinTimeoutMs: 6 })

      expectObservable(server.sent$.pipe(map(joins))).toBe(sent, { a: { attempt: 1 }, L: 'L' })
      expectObservable(seen(channel), subscribed).toBe(sees, noParams)
    })
  })

  it('that never come are abandoned once nobody is subscribed, and not evaluated again', () => {
    run(({ expectObservable, expectSubscriptions, cold }, scheduler) => {
      const params = cold<object>('-')
      const { socket } = socketOn({}, { rejoin: () => 9, scheduler })
      const evaluating = socket.channel('room:a', { params: () => params, joinTimeoutMs: 6 })
      const waiting = socket.channel('room:b', { params: () => params, joinTimeoutMs: 6 })

      expectObservable(seen(evaluating), '^---!').toBe('       (wj)', noParams)
      expectObservable(seen(waiting), '   ^----------!').toBe('j-----e', noParams)
      expectSubscriptions(params.subscriptions).toBe(['^---!', '^-----!'])
      scheduler.schedule(() => {
        expect(scheduler.actions).toEqual([])
      }, 30)
    })
  })

  it('that cannot be encoded stop immediately: an invalid constant is not retried', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn()

      expectObservable(socket.channel('room:a', { params: { n: 1n } }).on('x')).toBe(
        '#',
        {},
        errorLike('InputFailed', { input: 'params' }),
      )
    })
  })

  it('may be changed at the news of the join; every subscriber hears the states in order', () => {
    run(({ expectObservable }) => {
      const params = new BehaviorSubject({ v: 1 })
      const { socket } = socketOn({ answer: answers({}, 5) })
      const channel = socket.channel('room:a', { params })
      const changing$ = channel.pipe(
        map((state) => {
          if (state.status === 'joined' && !state.rejoined) params.next({ v: 2 })
          return letter(state)
        }),
      )

      expectObservable(changing$, '^-----------!')
      expectObservable(channel.pipe(map(letter)), '^-----------!').toBe('j----j----R')
    })
  })
})
