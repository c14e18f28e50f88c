import fc from 'fast-check'
import { VirtualTimeScheduler } from 'rxjs'
import { phoenixSocket } from '../../lib/index.ts'
import { type PresenceState } from '../../lib/presence/presence-state.ts'
import { presence, type Presences } from '../../lib/presence/presence.ts'
import { type Action, ModelServer } from './model-server.ts'
import { listed } from './support.ts'

const key = fc.constantFrom('ann', 'bob', '__proto__')
const action: fc.Arbitrary<Action | 'wait'> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constantFrom('track', 'update', 'untrack'), key }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('list', 'push') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('crash', 'cut') }) },
  { weight: 2, arbitrary: fc.constant('wait' as const) },
)

interface Session {
  readonly server: ModelServer
  readonly presences: Presences
  /** Lets the client reconnect and rejoin. */
  readonly wait: () => void
}

const session = (): Session => {
  const server = new ModelServer()
  const scheduler = new VirtualTimeScheduler()
  const socket = phoenixSocket('ws://localhost/socket', {
    transport: server.fake.transport,
    heartbeatIntervalMs: 0,
    reconnect: () => 3,
    rejoin: () => 3,
    scheduler,
  })
  const wait = (): void => {
    // Up to here and no further: the time limits of joins that are answered are no events.
    scheduler.maxFrames = scheduler.frame + 20
    scheduler.flush()
  }
  return { server, presences: presence(socket.channel('room:a')), wait }
}

describe('presence against a model of the server', () => {
  it('ends with the list of the server, whatever happens on the way, and its changes lead there', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const { server, presences, wait } = session()
        const changed = new Map<string, Set<string>>()
        let last: PresenceState | undefined
        const changes = presences.changes$.subscribe(({ key: name, joined, left }) => {
          const refs = changed.get(name) ?? new Set()
          for (const { phx_ref } of left) refs.delete(phx_ref)
          for (const { phx_ref } of joined) refs.add(phx_ref)
          changed.set(name, refs)
        })
        const states = presences.subscribe((state) => (last = state))

        for (const each of actions)
          if (each === 'wait') wait()
          else server.do(each)
        wait()
        server.do({ type: 'push' })

        expect(listed(last)).toEqual(listed(server.entries))
        const left = [...changed].filter(([, refs]) => refs.size > 0)
        expect(left.map(([name, refs]) => `${name} ${[...refs].sort().join(' ')}`).sort()).toEqual(
          listed(server.entries),
        )
        changes.unsubscribe()
        states.unsubscribe()
      }),
      { numRuns: 300 },
    )
  })
})
