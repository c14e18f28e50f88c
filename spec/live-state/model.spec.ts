import fc from 'fast-check'
import jsonPatch from 'fast-json-patch'
import { EMPTY, merge, type Observable, of, Subject, VirtualTimeScheduler } from 'rxjs'
import { type Message, phoenixSocket } from '../../lib/index.ts'
import { dialects } from '../../lib/live-state/dialects.ts'
import { liveState, type LiveState } from '../../lib/live-state/index.ts'
import {
  answerOk,
  crashed,
  type FakePhoenix,
  fakePhoenix,
  okTo,
  openLink,
  pushed,
} from '../../lib/testing/index.ts'
import { frozen } from '../presence/support.ts'

type State = Readonly<Record<string, unknown>>
type DialectName = keyof typeof dialects

const TOPIC = 'room:a'
const MAX_VERSION = 4

/** A server with one state, which sends what it becomes, or loses it. */
class ModelServer {
  readonly fake: FakePhoenix
  readonly #dialect: DialectName
  state: State = {}
  #version = 0
  #joinRef: string | undefined
  #frames$: Subject<Message> = new Subject()

  constructor(dialect: DialectName) {
    this.#dialect = dialect
    this.fake = fakePhoenix({
      link: () => merge(openLink, (this.#frames$ = new Subject())),
      answer: (message) => this.#answer(message),
    })
  }

  edit(state: State, isLost: boolean): void {
    const { patch, operationsKey = 'operations' } = dialects[this.#dialect]
    const operations = jsonPatch.compare(this.state, state)
    this.state = state
    this.#version = this.#version === MAX_VERSION ? 0 : this.#version + 1
    if (!isLost) this.#push(patch, { [operationsKey]: operations, version: this.#version })
  }

  crash(): void {
    const joinRef = this.#joinRef
    this.#joinRef = undefined
    if (joinRef !== undefined) this.#frames$.next(crashed(TOPIC, joinRef))
  }

  cut(): void {
    this.#joinRef = undefined
    this.#frames$.error(new Error('the connection was cut'))
  }

  #answer(message: Message): Observable<Message> {
    const { refresh } = dialects[this.#dialect]
    if (message.event === 'phx_leave') return EMPTY
    if (message.event === refresh) return of(this.#whole())
    if (message.event !== 'phx_join') return answerOk(message)
    this.#joinRef = message.joinRef ?? ''
    this.#version = 0
    return of(okTo(message), this.#whole())
  }

  #whole(): Message {
    const { state } = this
    return pushed(TOPIC, this.#joinRef ?? '', dialects[this.#dialect].change, {
      state,
      version: this.#version,
    })
  }

  #push(event: string, payload: unknown): void {
    if (this.#joinRef !== undefined) this.#frames$.next(pushed(TOPIC, this.#joinRef, event, payload))
  }
}

const value = fc.oneof(fc.nat(3), fc.constantFrom('x', null), fc.array(fc.nat(3), { maxLength: 4 }))
const state = fc.dictionary(fc.constantFrom('a', 'b/c', 'd~e'), value).map(frozen)
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('edit' as const), state, isLost: fc.constant(false) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('edit' as const), state, isLost: fc.constant(true) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('crash' as const, 'cut' as const) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const) }) },
)

describe.each(['seance', 'live-state'] as const)(
  'liveState of %s against a model of the server',
  (dialect) => {
    const begin = (
      maxVersion?: number,
    ): { server: ModelServer; live: LiveState<State>; wait: (ms: number) => void } => {
      const server = new ModelServer(dialect)
      const scheduler = new VirtualTimeScheduler()
      const socket = phoenixSocket('ws://localhost/socket', {
        transport: server.fake.transport,
        heartbeatIntervalMs: 0,
        reconnect: () => 3,
        rejoin: () => 3,
        scheduler,
      })
      const wait = (ms: number): void => {
        scheduler.maxFrames = scheduler.frame + ms
        scheduler.flush()
      }
      const options = maxVersion === undefined ? { dialect } : { dialect, maxVersion }
      return { server, live: liveState<State>(socket.channel(TOPIC), options), wait }
    }

    it('ends with the state of the server, whatever is lost, and shows no state that the server never had', () => {
      fc.assert(
        fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
          const { server, live, wait } = begin(MAX_VERSION)
          const had = new Set(['{}'])
          const seen: State[] = []
          const subscription = live.subscribe((each) => seen.push(frozen(each)))
          const statuses: string[] = []
          const status = live.status$.subscribe((each) => statuses.push(each))

          for (const each of actions)
            if (each.type === 'edit') {
              had.add(sorted(each.state))
              server.edit(each.state, each.isLost)
            } else if (each.type === 'wait') wait(20)
            else server[each.type]()
          wait(20)
          // What shows that something was lost is the next version.
          const last = { end: true }
          had.add(sorted(last))
          server.edit(last, false)
          wait(300_000)

          expect(seen.at(-1)).toEqual(server.state)
          expect(statuses.at(-1)).toBe('live')
          expect(seen.filter((each) => !had.has(sorted(each)))).toEqual([])
          subscription.unsubscribe()
          status.unsubscribe()
        }),
        { numRuns: 200 },
      )
    })
  },
)

const sorted = (each: State): string =>
  JSON.stringify(Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))))
