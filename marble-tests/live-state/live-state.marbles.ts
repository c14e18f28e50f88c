import { right } from 'fp-ts/Either'
import { map, mergeMap, NEVER, of, timer, withLatestFrom } from 'rxjs'
import {
  type Dialect,
  dialects,
  type LiveChannel,
  liveState,
  type LiveState,
  optimistic,
} from '../../lib/live-state/index.ts'
import { closed, crashed, okTo, pushed } from '../../lib/testing/index.ts'
import { answers, cut, errorLike, ok, refuse, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'
import { type Counter, counter, seance } from './support.ts'

const text = map((each: unknown) => String(each))
const n = map((state: Counter) => String(state.n))
const letter = map((status: string) => status.charAt(0))

describe.each(['seance', 'live-state'] as const)('liveState of %s', (dialect) => {
  const { joins, patch, patchOf, error, whole } = counter(dialect)
  const live = ({ socket }: ReturnType<typeof socketOn>): LiveState<Counter> =>
    liveState<Counter>(socket.channel('room:a'), { dialect })

  it('emits the state, and what the patches make of it', () => {
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

  it('S14: gives a late subscriber the current state immediately, without a rejoin', () => {
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
      // The same object for both, and not two that are equal.
      const both$ = cold('-x-x--').pipe(withLatestFrom(live(given), live(given)))
      expectObservable(both$.pipe(map(([, one, other]) => one === other)), '^-----!').toBe('-t-t', {
        t: true,
      })
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

  it('has an error instead of a state, also for late subscribers, until there is a state', () => {
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
    [null as unknown as { dialect: 'seance' }, "pass 'seance'"],
    [{ dialect: 'elm' as 'seance' }, "pass 'seance'"],
    [{ dialect: 'toString' as 'seance' }, "pass 'seance'"],
    [{ dialect: { change: 'c', patch: 'p' } as Dialect }, 'error is missing'],
    [
      { dialect: { ...dialects.seance, event: 1 } as unknown as Dialect },
      'dialect.event is 1: pass a string',
    ],
    [{ dialect: { ...dialects.seance, patch: 'seance:change' } }, 'pass an event other than change'],
    [{ dialect: 'seance' as const, maxVersion: 0 }, 'pass a whole number above 0'],
    [{ dialect: 'seance' as const, repairTimeoutMs: -1 }, 'repairTimeoutMs'],
    [{ dialect: 'seance' as const, decode: 'x' as never }, 'Standard Schema'],
    [{ dialect: 'seance' as const, decode: null as never }, 'Standard Schema'],
  ])('throws InvalidArgument for %j', (options, message) => {
    const channel = socketOn().socket.channel('room:a')
    expect(() => liveState(channel, options)).toThrow(message)
  })

  it('throws InvalidArgument for a channel, a part or a name of an event that cannot work', () => {
    const { socket } = socketOn()
    const other = { topic: 'room:a', on: () => NEVER, send: () => NEVER }
    for (const channel of [other, undefined, null, 'room:a'] as LiveChannel[])
      expect(() => liveState(channel, { dialect: 'seance' })).toThrow('pass a channel')
    const state = liveState<Counter>(socket.channel('room:a'), { dialect: 'seance' })
    expect(() => state.select('/a~')).toThrow('must be followed by 0 or 1')
    expect(() => state.select(undefined as unknown as 'n')).toThrow(
      'pass a function, a key, or a JSON Pointer',
    )
    expect(() => state.on(undefined as unknown as string)).toThrow('pass the name of an event')
    expect(() => state.dispatch(5 as unknown as string)).toThrow('pass the name of an event')
  })

  it('works through a Proxy, as Vue and MobX put one around what a component holds', () => {
    run(({ cold, expectObservable }) => {
      const given = socketOn({
        link: () => saying(cold('--1----', { 1: seance.patch(1) })),
        answer: answers({ phx_join: seance.joins(0) }),
      })
      const channel = given.socket.channel('room:a')
      const state = new Proxy(liveState<Counter>(channel, { dialect: 'seance' }), {})

      expectObservable(state.pipe(n), '^-----!').toBe('0-170')
      expectObservable(state.select('n').pipe(text), '^-----!').toBe('0-170')
      expectObservable(state.version$.pipe(text), '^-----!').toBe('0-1-0')
      expectObservable(state.status$.pipe(letter), '^-----!').toBe('l---(sl)')
      expectObservable(state.errors$, '^-----!').toBe('')
      const dispatched$ = state.dispatch('add').pipe(optimistic(state, () => ({ n: 7 })))
      expectObservable(dispatched$, '---^').toBe('---|')
      expectObservable(state.refresh(), '----^').toBe('----|')
    })
  })
})

describe('S14: a key that a user chose', () => {
  it.each(['__proto__', 'constructor', 'prototype', ''])('called %j is data: no repair, no rejoin', (key) => {
    run(({ cold, expectObservable }) => {
      const operation = { op: 'add', path: `/${key}`, value: 1 }
      const given = socketOn({
        link: () => saying(cold('--k--2', { k: seance.patchOf(1, [operation]), 2: seance.patch(2) })),
        answer: answers({ phx_join: seance.joins(0) }),
      })
      const state = liveState<Counter>(given.socket.channel('room:a'), { dialect: 'seance' })

      expectObservable(given.sent$).toBe('J------L')
      expectObservable(state.pipe(map((each) => JSON.stringify(each))), '^------!').toBe('0-k--2', {
        0: '{"n":0}',
        k: `{"n":0,"${key}":1}`,
        2: `{"n":2,"${key}":1}`,
      })
    })
  })
})

describe('the first state after an error', () => {
  const root = (version: number, state: unknown) =>
    seance.patchOf(version, [{ op: 'replace', path: '', value: state }])

  it('comes by a patch that replaces the root, after the error of a failed init', () => {
    run(({ cold, expectObservable }) => {
      const server = '    -e--0--r-1'
      const subscribed = '^-----------!'
      const given = socketOn({
        link: () =>
          saying(
            cold(server, {
              e: seance.error({ message: 'init failed' }),
              // What handlers answer that do nothing.
              0: seance.patchOf(0, []),
              r: root(1, { n: 5 }),
              1: seance.patch(2),
            }),
          ),
        answer: answers({ phx_join: ok() }),
      })
      const state = liveState<Counter>(given.socket.channel('room:a'), { dialect: 'seance' })

      expectObservable(given.sent$).toBe('J-----------L')
      expectObservable(state.status$.pipe(letter), subscribed).toBe('le-----l')
      expectObservable(state.pipe(n), subscribed).toBe('-------5-2')
      expectObservable(state.version$.pipe(text), subscribed).toBe('-------1-2')
    })
  })

  it('comes by such a patch in place of a state, too, and whatever was missed before', () => {
    run(({ cold, expectObservable }) => {
      const server = '    -r-m-1'
      const subscribed = '^-------!'
      const given = socketOn({
        link: () => saying(cold(server, { r: root(0, { n: 4 }), m: root(7, { n: 6 }), 1: seance.patch(8) })),
        answer: answers({ phx_join: ok() }),
      })
      const state = liveState<Counter>(given.socket.channel('room:a'), { dialect: 'seance' })

      expectObservable(given.sent$).toBe('J-------L')
      expectObservable(state.pipe(n), subscribed).toBe('-4-6-8')
    })
  })
})

describe('what did not change stays the same object', () => {
  interface Todos {
    readonly todos: readonly { readonly id: number }[]
    readonly n: number
  }
  const change = (joinRef: string | null, version: number, count: number) =>
    pushed('room:a', joinRef ?? '', 'state:change', { state: { todos: [{ id: 1 }], n: count }, version })

  it.each([
    ['as it came', undefined],
    ['decoded', (state: unknown) => right(JSON.parse(JSON.stringify(state)) as Todos)],
  ])('after a refresh and after a rejoin: select does not emit again (%s)', (_case, decode) => {
    run(({ cold, expectObservable }) => {
      let joins = 0
      const given = socketOn({
        link: (index) => saying(index === 0 ? cold('-----#', {}, cut()) : NEVER),
        answer: answers({
          phx_join: (message) => of(okTo(message), change(message.joinRef, 0, joins++)),
          lvs_refresh: (message) => of(change(message.joinRef, 3, 9)),
        }),
      })
      const options = { dialect: 'live-state' as const, ...(decode && { decode }) }
      const state = liveState<Todos>(given.socket.channel('room:a'), options)

      expectObservable(given.sent$).toBe('J-r-----J--L', { J: 'J', r: 'lvs_refresh', L: 'L' })
      expectObservable(state.refresh(), '--^!').toBe('--|')
      expectObservable(state.select('n').pipe(text), '^----------!').toBe('0-9-----1')
      expectObservable(state.select('todos').pipe(map(({ length }) => length)), '^----------!').toBe('1', {
        1: 1,
      })
    })
  })

  it('the whole state does not emit again either if all of it is equal', () => {
    run(({ cold, expectObservable }) => {
      const given = socketOn({
        link: (index) => saying(index === 0 ? cold('-----#', {}, cut()) : NEVER),
        answer: answers({ phx_join: seance.joins(4, 4) }),
      })
      const state = liveState<Counter>(given.socket.channel('room:a'), { dialect: 'seance' })

      expectObservable(given.sent$).toBe('J-------J--L')
      expectObservable(state.pipe(n), '^----------!').toBe('4')
      expectObservable(state.status$.pipe(letter), '^----------!').toBe('l----s--l')
    })
  })
})
