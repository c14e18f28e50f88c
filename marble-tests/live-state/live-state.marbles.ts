import { map, mergeMap, NEVER, timer } from 'rxjs'
import { dialects, liveState, type LiveState } from '../../lib/live-state/index.ts'
import { closed, crashed, pushed } from '../../lib/testing/index.ts'
import { answers, cut, errorLike, ok, refuse, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'
import { type Counter, counter } from './support.ts'

const text = map((each: unknown) => String(each))
const n = map((state: Counter) => String(state.n))
const letter = map((status: string) => status.charAt(0))

describe.each(['seance', 'live-state'] as const)('liveState of %s', (dialect) => {
  const { joins, patch, patchOf, error, whole } = counter(dialect)
  const live = ({ socket }: ReturnType<typeof socketOn>): LiveState<Counter> =>
    liveState<Counter>(socket.channel('room:a'), { dialect })

  it('gives the state, and what the patches make of it', () => {
    run(({ cold, expectObservable }) => {
      const server = '     --1--2--'
      const subscribed = ' ^------!'
      const given = socketOn({
        link: () => saying(cold(server, { 1: patch(1), 2: patch(2) })),
        answer: answers({ phx_join: joins(0) }),
      })
      const state = live(given)

      expectObservable(given.sent$).toBe('J------L')
      expectObservable(state.status$.pipe(letter), subscribed).toBe('(ll)')
      expectObservable(state.pipe(n), subscribed).toBe('0-1--2')
      expectObservable(state.version$.pipe(text), subscribed).toBe('0-1--2')
      expectObservable(state.select('n').pipe(text), subscribed).toBe('0-1--2')
      expectObservable(state.select('/n').pipe(text), subscribed).toBe('0-1--2')
      expectObservable(
        state.select((each) => each.n > 0 && 'x'),
        subscribed,
      ).toBe('f-x', { f: false, x: 'x' })
    })
  })

  it('S14: gives it at once to who comes late, without a rejoin', () => {
    run(({ cold, expectObservable }) => {
      const given = socketOn({
        link: () => saying(cold('--1--2--', { 1: patch(1), 2: patch(2) })),
        answer: answers({ phx_join: joins(0) }),
      })
      const channel = given.socket.channel('room:a')
      const called = timer(4).pipe(mergeMap(() => liveState<Counter>(channel, { dialect })))

      expectObservable(given.sent$).toBe('J------L')
      expectObservable(channel, '^------!')
      expectObservable(called.pipe(n), '^------!').toBe('----12')
      expectObservable(live(given).status$, '------^!').toBe('------l', { l: 'live' })
    })
  })

  it('is one state and one join for two calls on a topic, and leaves its messages to on() as well', () => {
    run(({ cold, expectObservable }) => {
      const given = socketOn({
        link: () => saying(cold('--1----', { 1: patch(1) })),
        answer: answers({ phx_join: joins(0) }),
      })
      const { patch: patchEvent } = dialects[dialect]
      const raw = given.socket.channel('room:a').on(patchEvent)

      expectObservable(given.sent$).toBe('J-----L')
      expectObservable(live(given).pipe(n), '^-----!').toBe('0-1')
      expectObservable(live(given).pipe(n), '----^-!').toBe('----1')
      expectObservable(raw, '^-----!').toBe('--p', { p: patch(1).payload })
    })
  })

  it('raises the version and emits no state for an empty patch', () => {
    run(({ cold, expectObservable }) => {
      const given = socketOn({
        link: () => saying(cold('--1--2', { 1: patchOf(1, []), 2: patch(2) })),
        answer: answers({ phx_join: joins(0) }),
      })
      const state = live(given)

      expectObservable(state.pipe(n), '^------!').toBe('0----2')
      expectObservable(state.version$.pipe(text), '^------!').toBe('0-1--2')
    })
  })

  it.each(['crash', 'lost connection'])(
    'is stale after a %s, and shows the state of the new join then',
    (why) => {
      run(({ cold, expectObservable }) => {
        const given = socketOn({
          link: (index) => {
            if (why === 'crash') return saying(cold('--1-c', { 1: patch(1), c: crashed('room:a', '1') }))
            return saying(index === 0 ? cold('--1-#', { 1: patch(1) }, cut()) : NEVER)
          },
          answer: answers({ phx_join: joins(0, 7) }),
        })
        const state = live(given)

        expectObservable(state.pipe(n), '^--------!').toBe('0-1----7')
        expectObservable(state.status$.pipe(letter), '---^-----!').toBe('---ls--l')
        expectObservable(state.pipe(n), '-----^---!').toBe('-----1-7')
      })
    },
  )

  it('does not lose its state for a subscriber that comes back while it lingers', () => {
    run(({ cold, expectObservable }) => {
      const given = socketOn(
        { link: () => saying(cold('---1', { 1: patch(1) })), answer: answers({ phx_join: joins(0) }) },
        { lingerMs: 3 },
      )
      const state = live(given)

      expectObservable(given.sent$).toBe('J--------L')
      expectObservable(state.pipe(n), '^-!').toBe('0')
      expectObservable(state.pipe(n), '----^-!').toBe('----1')
    })
  })

  it('has an error in place of a state, also for who comes late, until there is a state', () => {
    run(({ cold, expectObservable }) => {
      const given = socketOn({
        link: () => saying(cold('-e----s', { e: error({ message: 'init failed' }), s: whole(1) })),
        answer: answers({ phx_join: ok() }),
      })
      const state = live(given)
      const errors = { e: { message: 'init failed' } }

      expectObservable(state.status$.pipe(letter), '^-------!').toBe('le----l')
      expectObservable(state.errors$, '^-------!').toBe('-e', errors)
      expectObservable(state.errors$, '---^----!').toBe('---e', errors)
      expectObservable(state.pipe(n), '^-------!').toBe('------1')
    })
  })

  it('completes when the server closes the channel, and errors when the join is refused', () => {
    run(({ cold, expectObservable }) => {
      const given = socketOn({
        link: () => saying(cold('--x', { x: closed('room:a', '1') })),
        answer: answers({ phx_join: joins(0) }),
      })
      const state = live(given)
      expectObservable(state.pipe(n)).toBe('0-|')
      expectObservable(state.version$.pipe(text)).toBe('0-|')
      expectObservable(state.errors$).toBe('--|')

      const refused = socketOn(
        { answer: answers({ phx_join: refuse('not allowed') }) },
        { rejoin: () => 'stop' },
      )
      expectObservable(live(refused)).toBe('#', {}, errorLike('JoinRefused'))
      expectObservable(live(refused).errors$).toBe('#', {}, errorLike('JoinRefused'))
    })
  })

  it('dispatches events, which no reply answers, and fails like a push that could not be sent', () => {
    run(({ expectObservable }) => {
      const given = socketOn({ answer: answers({ phx_join: joins(0) }) })
      const prefix = dialect === 'seance' ? 'seance:event:' : 'lvs_evt:'
      const state = live(given)

      expectObservable(given.server.sent$.pipe(map(({ event, payload }) => [event, payload]))).toBe('(JeL)', {
        J: ['phx_join', {}],
        e: [`${prefix}add`, { text: 'x' }],
        L: ['phx_leave', {}],
      })
      expectObservable(state.dispatch('add', { text: 'x' })).toBe('|')
      expectObservable(state.dispatch('add', 1n)).toBe('#', {}, errorLike('InvalidPayload'))
    })
    expect(() => live(socketOn()).dispatch('')).toThrow('pass the name of an event')
  })

  it('hears events of the server', () => {
    run(({ cold, expectObservable }) => {
      const event = (name: string, detail: unknown) =>
        dialect === 'seance'
          ? pushed('room:a', '1', 'seance:event', { name, detail })
          : pushed('room:a', '1', name, detail)
      const given = socketOn({
        link: () => saying(cold('-ab', { a: event('one', { x: 1 }), b: event('two', { x: 2 }) })),
        answer: answers({ phx_join: joins(0) }),
      })

      expectObservable(live(given).on('two'), '^---!').toBe('--b', { b: { x: 2 } })
    })
  })
})

describe('liveState', () => {
  it.each([
    [undefined as unknown as { dialect: 'seance' }, "pass 'seance'"],
    [{ dialect: 'elm' as 'seance' }, "pass 'seance'"],
    [{ dialect: 'seance' as const, maxVersion: 0 }, 'pass a whole number above 0'],
    [{ dialect: 'seance' as const, repairTimeoutMs: -1 }, 'repairTimeoutMs'],
    [{ dialect: 'seance' as const, decode: 'x' as never }, 'Standard Schema'],
  ])('throws InvalidArgument for %j', (options, message) => {
    const channel = socketOn().socket.channel('room:a')
    expect(() => liveState(channel, options)).toThrow(message)
  })

  it('throws InvalidArgument for what is no channel, and for a path that is none', () => {
    const channel = socketOn().socket.channel('room:a')
    const other = { topic: 'room:a', on: () => NEVER, send: () => NEVER }
    expect(() => liveState(other, { dialect: 'seance' })).toThrow('pass a channel')
    expect(() => liveState(channel, { dialect: 'seance' }).select('/a~')).toThrow('"~" stands before')
  })
})
