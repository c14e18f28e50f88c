import { map } from 'rxjs'
import { phoenixSocket } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'
import { letters, run, word } from '../support/run.ts'

const URL = 'ws://localhost/socket'

describe('S1: sharing a connection', () => {
  it('connects for the first subscriber, shares with the second, and closes after the last', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('     ---o------', { o: 'open' as const })
      const first = '         -^------!'
      const second = '        -----^------!'
      const opened = '        -^----------!'
      const firstSees = '     -c--o'
      const secondSees = '    -----o'
      const { transport } = fakePhoenix({ link: () => link })
      const socket = phoenixSocket(URL, { transport })

      expectObservable(socket.pipe(map(word)), first).toBe(firstSees, letters)
      expectObservable(socket.pipe(map(word)), second).toBe(secondSees, letters)
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('does nothing until somebody subscribes', () => {
    run(({ cold, expectObservable }) => {
      const { transport, targets$ } = fakePhoenix()
      const socket = phoenixSocket(URL, { transport })
      socket.channel('room:a').on('news')
      socket.channel('room:a').push('ping')

      expectObservable(targets$).toBe('')
      expectObservable(cold('-x-----x').pipe(map(() => socket.state))).toBe('-i-----i', {
        i: { status: 'idle' },
      })
    })
  })

  it('closes an attempt that is under way when its only subscriber goes', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('  ------o', { o: 'open' as const })
      const subscribed = ' -^--!'
      const dialled = '    -^--!'
      const { transport } = fakePhoenix({ link: () => link })

      expectObservable(phoenixSocket(URL, { transport }).pipe(map(word)), subscribed).toBe('-c', letters)
      expectSubscriptions(link.subscriptions).toBe(dialled)
    })
  })
})
