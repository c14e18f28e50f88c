import { delay, EMPTY, filter, map, merge, type Observable, of } from 'rxjs'
import { type Message, traceTo } from '../../lib/index.ts'
import { closed, okTo } from '../../lib/testing/index.ts'
import { letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

const o = 'open' as const

/** Answers at once; the close of a channel that was left comes later. */
const closeAfter = (ms: number) => (message: Message) =>
  merge(
    of(okTo(message)),
    message.event === 'phx_leave' ? of(closed(message.topic, message.joinRef ?? '')).pipe(delay(ms)) : EMPTY,
  )

describe('S17: channels on several connections', () => {
  it('opens a further connection when the first is full, and closes each with its last channel', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('  o', { o })
      const first = '      ^-----------!'
      const second = '     --^-----!'
      const third = '      ----^-----!'
      const opened = ['    ^-----------!', '----^-----!']
      const { socket } = socketOn({ link: () => link }, { channelsPerConnection: 2 })

      expectObservable(socket.channel('a').on('news'), first).toBe('')
      expectObservable(socket.channel('b').on('news'), second).toBe('')
      expectObservable(socket.channel('c').on('news'), third).toBe('')
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('keeps to one connection by default', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('  o', { o })
      const held = '       ^-----------!'
      const { socket } = socketOn({ link: () => link })

      for (let i = 0; i < 150; i++) expectObservable(socket.channel(`a${i}`).on('news'), held).toBe('')
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })

  it('gives the place of a channel that was left to another only when the server has closed it', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('  o', { o })
      const kept = '       ^----------------!'
      const left = '       ^-!'
      const early = '      ----^------------!'
      const late = '       ----------^------!'
      const { socket } = socketOn({ link: () => link, answer: closeAfter(4) }, { channelsPerConnection: 2 })

      expectObservable(socket.channel('a').on('news'), kept).toBe('')
      expectObservable(socket.channel('b').on('news'), left).toBe('')
      expectObservable(socket.channel('early').on('news'), early).toBe('')
      expectObservable(socket.channel('late').on('news'), late).toBe('')
      expectSubscriptions(link.subscriptions).toBe(['^----------------!', '----^------------!'])
    })
  })

  it('gives it to another after 20 s at the latest, on a server that never says that it has closed a channel', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('  o', { o })
      const kept = '       ^ 25s !'
      const left = '       ^-!'
      const early = '      ^ 9s !'
      const late = '       20s ^ 4s !'
      const answer = (message: Message): Observable<Message> => of(okTo(message))
      const { socket } = socketOn(
        { link: () => link, answer },
        { channelsPerConnection: 3, heartbeatIntervalMs: 0 },
      )

      expectObservable(socket.channel('a').on('news'), kept).toBe('')
      expectObservable(socket.channel('b').on('news'), left).toBe('')
      expectObservable(socket.channel('c').on('news'), left).toBe('')
      expectObservable(socket.channel('early').on('news'), early).toBe('')
      expectObservable(socket.channel('late').on('news'), late).toBe('')
      expectSubscriptions(link.subscriptions).toBe([kept, early])
    })
  })

  it('does not count the leaves of a connection that is gone', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('  o', { o })
      const first = '      ^-!'
      const second = '     ----^-----!'
      const { socket } = socketOn({ link: () => link, answer: closeAfter(9) }, { channelsPerConnection: 1 })

      expectObservable(socket.channel('a').on('news'), first).toBe('')
      expectObservable(socket.channel('b').on('news'), second).toBe('')
      expectSubscriptions(link.subscriptions).toBe(['^-!', '----^-----!'])
    })
  })

  it('shows the state of the first; each frame of the trace says which connection it was', () => {
    const connections: Set<number> = new Set()
    run(({ cold, expectObservable }) => {
      const link = cold('  -o', { o })
      const held = '       ^-----------!'
      const { socket, words$, sent$ } = socketOn(
        { link: () => link },
        {
          channelsPerConnection: 1,
          trace: traceTo((event) => {
            if (event.type === 'frame-out') connections.add(event.connectionId)
          }),
        },
      )
      const joins$ = sent$.pipe(
        filter(({ event }) => event === 'phx_join'),
        map(({ topic }) => topic),
      )

      expectObservable(joins$).toBe('-(ab)')
      expectObservable(words$, held).toBe('co', letters)
      expectObservable(socket.channel('a').on('news'), held).toBe('')
      expectObservable(socket.channel('b').on('news'), held).toBe('')
    })
    expect(connections).toEqual(new Set([1, 2]))
  })
})
