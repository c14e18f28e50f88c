import { map } from 'rxjs'
import { about, letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

const o = 'open' as const

describe('S1: staying connected after the last unsubscribe', () => {
  it('finds everything as it was for a subscriber who comes back within lingerMs', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('  -o------------', { o })
      const first = '      ^---!'
      const second = '     ------^-!'
      const opened = '     ^------------!'
      const { words$ } = socketOn({ link: () => link }, { lingerMs: 5 })

      expectObservable(words$, first).toBe(' co', letters)
      expectObservable(words$, second).toBe('------o', letters)
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('closes when the time has passed, and connects again for a later subscriber', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('  -o------------', { o })
      const first = '      ^---!'
      const second = '     ----------^--!'
      const openedOnce = ' ^------!'
      const openedTwice = '----------^-----!'
      const { words$ } = socketOn({ link: () => link }, { lingerMs: 3 })

      expectObservable(words$, first).toBe(' co', letters)
      expectObservable(words$, second).toBe('----------co', letters)
      expectSubscriptions(link.subscriptions).toBe([openedOnce, openedTwice])
    })
  })

  it('counts from the last subscriber, be it of a channel, and leaves before it closes', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('   -o-------------', { o })
      const socketHeld = '  ^--!'
      const channelHeld = ' -^-----!'
      const opened = '      ^----------!'
      const sent = '        -a---------b'
      const { socket, sent$, words$ } = socketOn({ link: () => link }, { lingerMs: 4 })

      expectObservable(words$, socketHeld).toBe('co', letters)
      expectObservable(socket.channel('room:a').on('news'), channelHeld).toBe('')
      expectObservable(sent$.pipe(map(about))).toBe(sent, { a: 'room:a phx_join', b: 'room:a phx_leave' })
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('keeps the connection that an open channel needs when the subscriber of the socket goes', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('   -o-------', { o })
      const socketHeld = '  ^--!'
      const channelHeld = ' ^------!'
      const opened = '      ^------!'
      const { socket, words$ } = socketOn({ link: () => link })

      expectObservable(words$, socketHeld).toBe('co', letters)
      expectObservable(socket.channel('room:a').on('news'), channelHeld).toBe('')
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('keeps reconnecting while it lingers, and stops when the time has passed', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold<'open'>('   -#')
      const held = '        ^-!'
      const dials = ['      ^!', '----^!', '--------^!']
      const { words$ } = socketOn({ link: () => link }, { lingerMs: 8 })

      expectObservable(words$, held).toBe('cw', { ...letters, w: 'waiting 3' })
      expectSubscriptions(link.subscriptions).toBe(dials)
    })
  })
})
