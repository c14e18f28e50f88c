import { filter, map, NEVER, of } from 'rxjs'
import { HeartbeatTimeout, type Message } from '../../lib/index.ts'
import { fakeClock, okTo } from '../../lib/testing/index.ts'
import { about, letters, run } from '../support/run.ts'
import { inOrder, replying, socketOn } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3', h: 'phoenix heartbeat' }

describe('S10: heartbeats', () => {
  it('go out one interval after the connection opened, then one interval after each reply', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('-o------------------', { o })
      const reply = cold('    --r')
      const held = '     ^------------------!'
      const beats = '    -----h-----h-----h'
      const { words$, sent$ } = socketOn(
        { link: () => link, answer: replying(reply) },
        { heartbeatIntervalMs: 4 },
      )

      expectObservable(words$, held).toBe('co', values)
      expectObservable(sent$.pipe(map(about))).toBe(beats, values)
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })

  it('abandon a connection immediately if it does not answer in time, and reconnect', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const frozen = cold('-o------------------', { o })
      const good = cold('              -o', { o })
      const held = '       ^---------------!'
      const states = '     co-------w--co'
      const { socket, words$ } = socketOn(
        { link: inOrder(frozen, good), answer: () => NEVER },
        { heartbeatIntervalMs: 4 },
      )
      const causes$ = socket.pipe(
        filter((state) => state.status === 'waiting'),
        map((state) => state.cause),
      )

      expectObservable(words$, held).toBe(states, values)
      expectObservable(causes$, held).toBe('---------e', { e: new HeartbeatTimeout(4) })
      expectSubscriptions(frozen.subscriptions).toBe('^--------!')
      expectSubscriptions(good.subscriptions).toBe('  ------------^---!')
    })
  })

  it('let nothing of the late reply through: the next connection sends its own', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('-o------------------', { o })
      const late = cold('     ------r')
      const prompt = cold('               -r')
      const held = '     ^--------------------!'
      const states = '   co-------w--co-------'
      const beats = '    -----h-----------h---'
      const { socket, words$, sent$ } = socketOn(
        { link: () => link, answer: replying(late, prompt) },
        { heartbeatIntervalMs: 4 },
      )

      expectObservable(words$, held).toBe(states, values)
      expectObservable(sent$.pipe(map(about)), held).toBe(beats, values)
      expectObservable(socket.latency$, held).toBe('------------------l', { l: 1 })
    })
  })

  it('are turned off by an interval of 0', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('-o------------------', { o })
      const held = '     ^ 99s !'
      const { words$, sent$ } = socketOn(
        { link: () => link, answer: () => NEVER },
        { heartbeatIntervalMs: 0 },
      )

      expectObservable(words$, held).toBe('co', letters)
      expectObservable(sent$).toBe('')
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })

  it('are answered by an error status too: a server that answers is alive', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('-o------------------', { o })
      const held = '     ^--------------------!'
      const answer = (message: Message) =>
        of({ ...okTo(message), payload: { status: 'error', response: {} } })
      const { words$ } = socketOn({ link: () => link, answer }, { heartbeatIntervalMs: 4 })

      expectObservable(words$, held).toBe('co', values)
    })
  })
})

describe('S10: a deadline that passes late', () => {
  it('leads to a probe, since the sleep of a machine proves nothing about the server', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const link = cold('-o', { o })
      const sleep = cold(' 3s s')
      const held = '      ^ 12s !'
      const beats = '     - 2s h 1999ms h 1999ms h 1999ms h 1999ms h'
      const clock = fakeClock(scheduler)
      sleep.subscribe(() => {
        clock.jump(60_000)
      })
      const { words$, sent$ } = socketOn(
        // The reply to the first one is lost.
        { link: () => link, answer: replying(NEVER, of('r')) },
        { heartbeatIntervalMs: 2_000, scheduler: clock },
      )

      expectObservable(words$, held).toBe('co', values)
      expectObservable(sent$.pipe(map(about))).toBe(beats, values)
    })
  })
})
