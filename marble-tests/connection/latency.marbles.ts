import { map, NEVER } from 'rxjs'
import { ConnectionLost, HeartbeatTimeout, PushTimeout } from '../../lib/index.ts'
import { about, run } from '../support/run.ts'
import { closedWith, replying, socketOn } from '../support/socket.ts'

const o = 'open' as const

describe('latency$', () => {
  it('connects, and gives the round trip of each heartbeat', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('-o------------------', { o })
      const reply = cold('    --r')
      const held = '     ^----------------!'
      const trips = '    -------t-----t---'
      const { socket } = socketOn({ link: () => link, answer: replying(reply) }, { heartbeatIntervalMs: 4 })

      expectObservable(socket.latency$, held).toBe(trips, { t: 2 })
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })
})

describe('ping()', () => {
  it('fails with HeartbeatTimeout by the deadline of a probe, however short pushTimeoutMs is', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('-o', { o })
      const { socket } = socketOn(
        { link: () => link, answer: () => NEVER },
        { heartbeatIntervalMs: 6, pushTimeoutMs: 2 },
      )

      expectObservable(socket.ping()).toBe('-------#', {}, new HeartbeatTimeout(6))
    })
  })

  it('connects, sends one heartbeat when the socket is open, gives its round trip, and closes', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('---o------', { o })
      const reply = cold('  --r')
      const opened = '   ^----!'
      const { socket, sent$ } = socketOn({ link: () => link, answer: replying(reply) })

      expectObservable(socket.ping()).toBe('-----(t|)', { t: 2 })
      expectObservable(sent$.pipe(map(about))).toBe('---h', { h: 'phoenix heartbeat' })
      expectSubscriptions(link.subscriptions).toBe(opened)
    })
  })

  it('sends one heartbeat for each subscription', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('o---------', { o })
      const later = '    ----^'
      const { socket, sent$ } = socketOn({ link: () => link, answer: replying(cold('-r')) })
      const ping$ = socket.ping()

      expectObservable(ping$).toBe('-(t|)', { t: 1 })
      expectObservable(ping$, later).toBe('-----(t|)', { t: 1 })
      expectObservable(sent$.pipe(map(about))).toBe('h---h', { h: 'phoenix heartbeat' })
    })
  })

  it('fails with HeartbeatTimeout, ConnectionLost or PushTimeout, as the case may be', () => {
    run(({ cold, expectObservable }) => {
      const link = cold(' o---------', { o })
      const lost = cold(' -o-#', { o }, closedWith(1006))
      const never = cold<'open'>('----------')
      const options = { heartbeatIntervalMs: 4, pushTimeoutMs: 6 }
      const answer = (): typeof NEVER => NEVER

      expectObservable(socketOn({ link: () => link, answer }, options).socket.ping()).toBe(
        '----#',
        {},
        new HeartbeatTimeout(4),
      )
      expectObservable(socketOn({ link: () => lost, answer }, options).socket.ping()).toBe(
        '---#',
        {},
        new ConnectionLost({ sent: true, cause: closedWith(1006) }),
      )
      expectObservable(socketOn({ link: () => never, answer }, options).socket.ping()).toBe(
        '------#',
        {},
        new PushTimeout({ topic: 'phoenix', event: 'heartbeat', sent: false, timeoutMs: 6 }),
      )
    })
  })
})
