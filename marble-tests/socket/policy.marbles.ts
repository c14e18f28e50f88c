import { map, retry } from 'rxjs'
import { ConnectionFailed, ConnectionRefused, InputFailed, stopAfter, stopOn } from '../../lib/index.ts'
import { letters, run } from '../support/run.ts'
import { inOrder, socketOn } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3' }
const away = new ConnectionFailed('away')

describe('S9: policies that stop', () => {
  it('errors with the cause, without a wait, and is idle afterwards', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const refusal = new ConnectionRefused({ status: 403 })
      const link = cold<'open'>('   --#', {}, refusal)
      const reconnect = stopOn(({ _tag }) => _tag === 'ConnectionRefused')(() => 3)
      const { socket, words$ } = socketOn({ link: () => link }, { reconnect })

      expectObservable(words$).toBe('c-#', values, refusal)
      expectSubscriptions(link.subscriptions).toBe('^-!')
      expect(socket.state.status).toBe('idle')
    })
  })

  it('tries again as often as stopAfter says', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold<'open'>('   -#', {}, away)
      const { words$ } = socketOn({ link: () => link }, { reconnect: stopAfter(1)(() => 3) })

      expectObservable(words$).toBe('cw--c#', values, away)
      expectSubscriptions(link.subscriptions).toBe(['^!', '----^!'])
    })
  })

  it.each<[string, () => number, unknown]>([
    [
      'throws',
      () => {
        throw new Error('a bug in the policy')
      },
      new Error('a bug in the policy'),
    ],
    ['gives NaN', () => NaN, new RangeError("a retry policy gave NaN; it must give milliseconds or 'stop'")],
    ['gives -1', () => -1, new RangeError("a retry policy gave -1; it must give milliseconds or 'stop'")],
    [
      'gives nothing',
      () => null as unknown as number,
      new RangeError("a retry policy gave null; it must give milliseconds or 'stop'"),
    ],
  ])('stops with InputFailed when the policy %s', (_case, reconnect, cause) => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, away)
      const { words$ } = socketOn({ link: () => link }, { reconnect })

      expectObservable(words$).toBe('c#', values, new InputFailed('reconnect', cause))
    })
  })

  it('ends every subscriber, of the socket and of its channels, and starts afresh for the next', () => {
    run(({ cold, expectObservable }) => {
      const bad = cold<'open'>('   --#', {}, away)
      const good = cold('       -o', { o })
      const later = '      -----^---!'
      const { socket, words$ } = socketOn({ link: inOrder(bad, good) }, { reconnect: () => 'stop' })

      expectObservable(words$).toBe('c-#', values, away)
      expectObservable(socket.channel('room:a').on('news')).toBe('--#', {}, away)
      expectObservable(words$, later).toBe('-----co', values)
    })
  })

  it('tells the state as it is to somebody who subscribes again while the end is being told', () => {
    run(({ cold, expectObservable }) => {
      const bad = cold<'open'>('--#', {}, away)
      const good = cold('         ---o', { o })
      const held = '            ^-------!'
      const { socket, words$ } = socketOn({ link: inOrder(bad, good) }, { reconnect: () => 'stop' })

      expectObservable(words$.pipe(retry()), held).toBe('c-c--o', values)
      expectObservable(cold('---x--x--x').pipe(map(() => socket.state.status))).toBe('---c--o--i', values)
    })
  })
})
