import { map, mergeMap, NEVER, type Observable, of, Subject } from 'rxjs'
import { type Tracer, traceTo } from '../../lib/index.ts'
import { answerOk, broadcast, closed, crashed, okTo, pushed } from '../../lib/testing/index.ts'
import { answers, cut, letter, ok, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

/** Why messages are dropped, as the trace reports it. */
const drops = (): { readonly trace: Tracer; readonly dropped$: Observable<string> } => {
  const dropped$ = new Subject<string>()
  return {
    dropped$,
    trace: traceTo((event) => {
      if (event.type === 'dropped') dropped$.next(`${event.message.event}: ${event.reason}`)
    }),
  }
}

// In each test the join "1" crashes and is made again, 3 ms later, as join "2".
describe('S4: what belongs to a replaced join is dropped and traced', () => {
  it.each([
    ['phx_close', closed('room:a', '1'), 'stale join_ref'],
    ['phx_error', crashed('room:a', '1'), 'stale join_ref'],
    ['news', pushed('room:a', '1', 'news'), 'stale join_ref'],
    ['phx_reply', okTo(pushed('room:a', '1', 'phx_join')), 'unknown ref'],
  ])('drops and traces a late %s of the old join', (event, late, reason) => {
    run(({ expectObservable, cold }) => {
      const server = '     ------c-------l  '
      const subscribed = ' ^-----------------!'
      const sees = '       (wjJ)-e--(jR)    '
      const heard = '      -                '
      const dropped = '    --------------d  '
      const { dropped$, trace } = drops()
      const { socket, sent$ } = socketOn(
        { link: () => saying(cold(server, { c: crashed('room:a', '1'), l: late })) },
        { trace },
      )
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe('J--------J--------L')
      expectObservable(channel.pipe(map(letter)), subscribed).toBe(sees)
      expectObservable(channel.messages$, subscribed).toBe(heard)
      expectObservable(dropped$).toBe(dropped, { d: `${event}: ${reason}` })
    })
  })

  it.each([
    ['phx_close', closed('room:a', '1'), 'R'],
    ['phx_error', crashed('room:a', '1'), 'R'],
    ['phx_close of the join that holds', closed('room:a', '2'), '(x|)'],
    ['phx_error of the join that holds', crashed('room:a', '2'), 'e'],
  ])('version 1.0.0, where the join_ref is in ref: %s', (_name, late, then) => {
    run(({ expectObservable, cold }) => {
      const server = '     ------c-------l'
      const subscribed = ' ^--------------!'
      const sees = `       (wjJ)-e--(jR)-${then === 'R' ? '' : then}`
      const { socket } = socketOn(
        { link: () => saying(cold(server, { c: crashed('room:a', '1'), l: late })) },
        { vsn: '1.0.0' },
      )

      expectObservable(socket.channel('room:a').pipe(map(letter)), subscribed).toBe(sees)
    })
  })

  it('drops a reply with the ref of a push and the join_ref of another join; the push has its own reply yet', () => {
    run(({ expectObservable }) => {
      const { dropped$, trace } = drops()
      const { socket } = socketOn(
        {
          answer: (message) =>
            message.event === 'ask'
              ? of(okTo({ ...message, joinRef: '0' }, 'of another join'), okTo(message, 'ours'))
              : answerOk(message),
        },
        { trace },
      )

      expectObservable(dropped$).toBe('                              d', { d: 'phx_reply: stale join_ref' })
      expectObservable(socket.channel('room:a').push('ask')).toBe('(a|)', { a: 'ours' })
    })
  })

  it('passes messages without a join_ref: broadcasts have none', () => {
    run(({ expectObservable, cold }) => {
      const server = '     ------c-------l-'
      const subscribed = ' ^--------------!'
      const heard = '      --------------m '
      const { socket } = socketOn({
        link: () => saying(cold(server, { c: crashed('room:a', '1'), l: broadcast('room:a', 'news', 'm') })),
      })

      expectObservable(socket.channel('room:a').on('news'), subscribed).toBe(heard)
    })
  })
})

describe('S4: a fresh join_ref', () => {
  it('is taken at every join, and goes with every push', () => {
    run(({ expectObservable, cold }) => {
      const server = '     ------c--------- '
      const pushes = '     ---p-------p---- '
      const subscribed = ' ^--------------! '
      const sent = '       I--i-----J-j---L '
      const { socket, server: fake } = socketOn({
        link: () => saying(cold(server, { c: crashed('room:a', '1') })),
      })
      const channel = socket.channel('room:a')
      const joinRefs$ = fake.sent$.pipe(map(({ ref, joinRef }) => `${String(joinRef)}/${String(ref)}`))

      expectObservable(joinRefs$).toBe(sent, { I: '1/1', i: '1/2', J: '3/3', j: '3/4', L: '3/5' })
      expectObservable(channel, subscribed)
      expectObservable(cold(pushes).pipe(mergeMap(() => channel.push('p'))), subscribed).toBe(
        '---r-------r',
        {
          r: {},
        },
      )
    })
  })

  it('belongs to its connection: a request on one is not answered on the next', () => {
    run(({ expectObservable, cold }) => {
      const first = '      o---#              '
      const second = '            -----l      '
      const subscribed = ' ^------------------!'
      const sees = '       (wj)w--(jJ)       '
      const dropped = '    ------------d      '
      const { dropped$, trace } = drops()
      const late = okTo(pushed('room:a', '1', 'phx_join', 'late'))
      const { socket } = socketOn(
        {
          link: (index) =>
            index === 0
              ? cold<'open'>(first, { o: 'open' }, cut())
              : saying(cold(second, { l: { ...late, ref: '1' } })),
          answer: answers({ phx_join: (message, link) => (link === 0 ? NEVER : ok()(message, link)) }),
        },
        { trace },
      )

      expectObservable(socket.channel('room:a').pipe(map(letter)), subscribed).toBe(sees)
      expectObservable(dropped$).toBe(dropped, { d: 'phx_reply: unknown ref' })
    })
  })
})
