import { finalize, map, of, startWith, Subject, tap } from 'rxjs'
import { ConnectionFailed, type TraceEvent, traceTo } from '../../lib/index.ts'
import { letters, run } from '../support/run.ts'
import { inOrder, socketOn } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3' }
const flags = { t: true, f: false }

describe('S18: pause', () => {
  it('closes, stays closed, and connects afresh when it is over', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const link = cold(' -o------', { o })
      const pause = hot(' ---t-----f----', flags)
      const held = '      ^------------!'
      const states = '    co-p-----co'
      const opened = ['   ^--!', '---------^---!']
      const { words$ } = socketOn({ link: () => link }, { pause })

      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(link.subscriptions).toBe(opened)
      expectSubscriptions(pause.subscriptions).toBe(held)
    })
  })

  it('ends an attempt and a wait', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const slow = cold('             -----o', { o })
      const bad = cold<'open'>('         -#', {}, new ConnectionFailed('away'))
      const pause = hot('             --t-f--t------', flags)
      const held = '                  ^------------!'
      const states = '                c-p-cW-p'
      const { words$ } = socketOn({ link: inOrder(slow, bad) }, { pause, reconnect: () => 9 })

      expectObservable(words$, held).toBe(states, { ...values, W: 'waiting 9' })
      expectSubscriptions(slow.subscriptions).toBe('^-!')
    })
  })

  it('that ends while the link is being closed opens one link, which is closed in the end', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold(' ----o---------', { o })
      const told = cold(' -------t', flags)
      const held = '      ^------------!'
      const states = '    c---o--(pc)o'
      const opened = ['   ^------!', '-------^-----!']
      const pause$ = new Subject<boolean>()
      const closing = link.pipe(
        finalize(() => {
          pause$.next(false)
        }),
      )
      const { words$ } = socketOn({ link: () => closing }, { pause: pause$ })

      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(link.subscriptions).toBe(opened)
      expectObservable(
        told.pipe(
          tap((pause) => {
            pause$.next(pause)
          }),
        ),
      ).toBe('-------t', flags)
    })
  })

  it('that is true from the start never dials', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('-o', { o })
      const held = '     ^------!'
      const { words$ } = socketOn({ link: () => link }, { pause: of(true) })

      expectObservable(words$, held).toBe('p', values)
      expectSubscriptions(link.subscriptions).toBe([])
    })
  })

  it('that emits false, or the same value twice, changes nothing', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const link = cold(' -o', { o })
      const pause = hot(' --f-f-t-t---', flags)
      const held = '      ^----------!'
      const states = '    co----p'
      const { words$ } = socketOn({ link: () => link }, { pause })

      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(link.subscriptions).toBe('^-----!')
    })
  })

  it('makes channels wait, and join again when it is over', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = cold(' -o', { o })
      const pause = hot(' ------t---f------', flags)
      const held = '      ^---------------!'
      const states = '    w(jJ)-w----(jJ)'
      const { socket } = socketOn({ link: () => link }, { pause })

      expectObservable(socket.channel('a').pipe(map(({ status }) => status)), held).toBe(states, letters)
    })
  })

  it('holds for a connection that is opened later, too', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const link = cold(' -o', { o })
      const pause = hot(' ---t-------', flags)
      const first = '     ^---------!'
      const second = '    -----^----!'
      const { socket } = socketOn({ link: () => link }, { pause, channelsPerConnection: 1 })

      expectObservable(socket.channel('a').on('news'), first).toBe('')
      expectObservable(socket.channel('b').on('news'), second).toBe('')
      expectSubscriptions(link.subscriptions).toBe('^--!')
    })
  })

  it('acts only while somebody is subscribed', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const pause = hot('  --t-f--t', flags)
      const held = '       ---^-!'
      const { words$ } = socketOn({}, { pause })

      expectObservable(words$, held).toBe('---(co)', values)
      expectSubscriptions(pause.subscriptions).toBe(held)
    })
  })

  it.each([
    ['while it says false', false, 'co', '^------!'],
    ['while it says true: then it pauses no more', true, 'p-co', '--^----!'],
  ])('affects nobody when it fails %s, and the trace has the error', (_case, said, states, opened) => {
    const failures: TraceEvent[] = []
    const bug = new Error('no events here')
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('-o', { o })
      const held = '     ^------!'
      const pause = cold<boolean>('--#', {}, bug).pipe(startWith(said))
      const trace = (event: TraceEvent): void => {
        if (event.type === 'input-failed') failures.push(event)
      }

      expectObservable(socketOn({ link: () => link }, { pause, trace: traceTo(trace) }).words$, held).toBe(
        states,
        values,
      )
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
    expect(failures).toMatchObject([{ error: { _tag: 'InputFailed', input: 'pause', cause: bug } }])
  })
})
