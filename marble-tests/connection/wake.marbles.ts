import { BehaviorSubject, EMPTY, map, NEVER, type Observable, of, throwError } from 'rxjs'
import { ConnectionFailed, type Message, type TraceEvent, traceTo } from '../../lib/index.ts'
import { about, letters, run } from '../support/run.ts'
import { inOrder, replying, socketOn } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3', W: 'waiting 9', h: 'phoenix heartbeat' }
const away = new ConnectionFailed('away')

describe('S18: wake', () => {
  it('ends a wait immediately, and tries again', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const bad = cold<'open'>('-#', {}, away)
      const good = cold('          -o', { o })
      const wake = hot('        ----w-----')
      const held = '            ^-------!'
      const states = '          cW--co'
      const { words$ } = socketOn({ link: inOrder(bad, good) }, { wake, reconnect: () => 9 })

      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(good.subscriptions).toBe('----^---!')
      expectSubscriptions(wake.subscriptions).toBe(held)
    })
  })

  it('does not disturb an attempt that is under way', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const link = cold(' ----o', { o })
      const wake = hot('  --w-----')
      const held = '      ^------!'
      const { words$ } = socketOn({ link: () => link }, { wake })

      expectObservable(words$, held).toBe('c---o', values)
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })

  it('restarts an attempt that has hung as long as a probe may, as on a page that slept, once for several wakes', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const hangs = cold<'open'>('-')
      const good = cold('                -o', { o })
      const wake = hot('  --w 4997ms (www)')
      const held = '      ^  5020ms      !'
      const { words$ } = socketOn({ link: inOrder(hangs, good) }, { wake, connectTimeoutMs: 60_000 })

      expectObservable(words$, held).toBe('c 4999ms co', values)
      expectSubscriptions(hangs.subscriptions).toBe('^ 4999ms !')
      expectSubscriptions(good.subscriptions).toBe(' - 4999ms ^ 20ms !')
    })
  })

  it('restarts an attempt that waits for an input, which is evaluated again', () => {
    run(({ hot, cold, expectObservable }) => {
      const link = cold('         o', { o })
      const wake = hot('  6s w')
      const answers = [NEVER, of('fresh')]
      const authToken = (): Observable<string> => answers.shift() ?? EMPTY
      const { words$ } = socketOn({ link: () => link }, { wake, authToken, heartbeatIntervalMs: 0 })

      expectObservable(words$, '^ 7s !').toBe('c 5999ms (co)', values)
    })
  })

  it('that repeats its last value to whoever subscribes does not end every wait', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const bad = cold<'open'>('-#', {}, away)
      const held = '            ^------------!'
      const states = '          cW--------cW'
      const { words$ } = socketOn({ link: () => bad }, { wake: new BehaviorSubject(0), reconnect: () => 9 })

      expectObservable(words$, held).toBe(states, values)
      expectSubscriptions(bad.subscriptions).toBe(['^!', '----------^!'])
    })
  })

  it('ends a wait also when it comes while the wait is emitted', () => {
    run(({ cold, expectObservable }) => {
      const link = cold<'open'>('-#', {}, away)
      const wake$ = new BehaviorSubject(0)
      const { words$ } = socketOn({ link: () => link }, { wake: wake$, reconnect: () => 9 })
      const waking$ = words$.pipe(
        map((shown) => {
          if (shown.startsWith('waiting') && wake$.value === 0) wake$.next(1)
          return shown
        }),
      )

      expectObservable(waking$, '^-!').toBe('c(Wc)', values)
    })
  })

  it('probes an open connection with a deadline of min(interval, 5 s), and reconnects if nothing comes', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const link = cold('o', { o })
      const wake = hot('--w')
      const held = '    ^ 5003ms !'
      const { words$, sent$ } = socketOn(
        { link: () => link, answer: () => NEVER },
        { wake, reconnect: () => 9 },
      )

      expectObservable(words$, held).toBe('(co) 4998ms W', values)
      expectObservable(sent$.pipe(map(about))).toBe('--h', values)
      expectSubscriptions(link.subscriptions).toBe('^ 5001ms !')
    })
  })

  it('takes the interval as the deadline if that is shorter', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = cold('o', { o })
      const wake = hot('-----w')
      const held = '    ^---------------!'
      const states = '  (co)-----------W'
      const { words$ } = socketOn(
        { link: () => link, answer: () => NEVER },
        { wake, heartbeatIntervalMs: 10, reconnect: () => 9 },
      )

      expectObservable(words$, held).toBe(states, values)
    })
  })

  it('sends one probe for several wakes together, and schedules the next heartbeat from its reply', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = cold(' o', { o })
      const wake = hot('  --(ww)--')
      const reply = cold('  ---r')
      const held = '      ^---------------!'
      const sent = '      --h-------h'
      const { sent$, words$ } = socketOn(
        { link: () => link, answer: replying(reply) },
        { wake, heartbeatIntervalMs: 5 },
      )

      expectObservable(words$, held).toBe('(co)', values)
      expectObservable(sent$.pipe(map(about)), held).toBe(sent, values)
    })
  })

  it('probes again once the last probe is answered', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = cold(' o', { o })
      const wake = hot('  --w-w---w')
      const reply = cold('  ---r')
      const held = '      ^---------------!'
      const sent = '      --h-----h'
      const { sent$, words$ } = socketOn({ link: () => link, answer: replying(reply) }, { wake })

      expectObservable(words$, held).toBe('(co)', values)
      expectObservable(sent$.pipe(map(about)), held).toBe(sent, values)
    })
  })

  it('probes again also if the last probe was answered immediately, as by a server in memory', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = cold('o', { o })
      const wake = hot('--w-w-')
      const { sent$, words$ } = socketOn({ link: () => link }, { wake })

      expectObservable(words$, '^-----!').toBe('(co)', values)
      expectObservable(sent$.pipe(map(about)), '^-----!').toBe('--h-h', values)
    })
  })

  it('does not put off the deadline of a probe, however often it comes while a join rests it', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = cold('      o', { o })
      const wake = hot('       ------w-----w-----w-----w-')
      const toJoin = cold('    --------------------r     ')
      const held = '           ^------------------------!'
      // The first probe rests until the reply to the join, and has 4 ms from then.
      const states = '         (co)--------------------w '
      const answer = (message: Message) => (message.event === 'phx_join' ? replying(toJoin)(message) : EMPTY)
      const { socket, words$ } = socketOn({ link: () => link, answer }, { wake, heartbeatIntervalMs: 4 })

      expectObservable(socket.channel('a').on('news'), held).toBe('')
      expectObservable(words$, held).toBe(states, values)
    })
  })

  it('probes also where heartbeats are turned off', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = cold('o', { o })
      const wake = hot('--w')
      const { sent$, words$ } = socketOn(
        { link: () => link, answer: replying(cold('---r')) },
        { wake, heartbeatIntervalMs: 0 },
      )

      expectObservable(words$, '^ 9s !').toBe('(co)', values)
      expectObservable(sent$.pipe(map(about))).toBe('--h', values)
    })
  })

  it('affects nobody when it fails, and the trace has the error', () => {
    const failures: TraceEvent[] = []
    const bug = new Error('no events here')
    run(({ cold, expectObservable }) => {
      const link = cold('-o', { o })
      const trace = (event: TraceEvent): void => {
        if (event.type === 'input-failed') failures.push(event)
      }

      expectObservable(
        socketOn({ link: () => link }, { wake: throwError(() => bug), trace: traceTo(trace) }).words$,
        '^--!',
      ).toBe('co', values)
    })
    expect(failures).toMatchObject([{ error: { _tag: 'InputFailed', input: 'wake', cause: bug } }])
  })
})
