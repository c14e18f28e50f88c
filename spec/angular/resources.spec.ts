import {
  createEnvironmentInjector,
  EnvironmentInjector,
  inject,
  InjectionToken,
  PLATFORM_ID,
  runInInjectionContext,
  signal,
} from '@angular/core'
import { TestBed } from '@angular/core/testing'
import { map, scan, throwError, VirtualTimeScheduler } from 'rxjs'
import {
  channelResource,
  channelToken,
  injectChannel,
  injectConnection,
  liveStateResource,
  PhoenixTestingController,
  presenceResource,
  providePhoenixSocket,
  providePhoenixTesting,
  pushSignal,
} from '../../lib/angular/index.ts'
import { type Channel, type PhoenixSocket, type SocketOptions, stopAfter } from '../../lib/index.ts'
import { useTestBed } from './test-bed.ts'

useTestBed()

interface Room {
  join: { params: { as: string }; reply: { members: number } }
  events: { new_msg: { body: string } }
  pushes: { new_msg: { payload: { body: string }; reply: { id: string } } }
}
interface Topics {
  'room:*': Room
}

const setup = (options: SocketOptions = {}) => {
  const scheduler = new VirtualTimeScheduler()
  scheduler.maxFrames = 0
  TestBed.configureTestingModule({ providers: [providePhoenixTesting({ scheduler, ...options })] })
  const page = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector))
  const server = TestBed.inject(PhoenixTestingController)
  return {
    server,
    page,
    topic: server.topic('room:a'),
    here: <A>(run: () => A): A => runInInjectionContext(page, run),
    pass: (ms: number) => {
      scheduler.maxFrames += ms
      scheduler.flush()
    },
  }
}

const namedAnn = () => ({ as: 'ann' })

/** The bodies of all messages, gathered. */
const bodies = (room: Channel<Room>) =>
  room.on('new_msg').pipe(scan((all: readonly string[], { body }) => [...all, body], []))

const chat = (topic: string | (() => string | undefined)) =>
  channelResource({ topic, stream: bodies, defaultValue: [] as readonly string[] })

describe('channelResource', () => {
  it('joins, and shows what its stream makes of the channel', () => {
    const { here, server, topic, page } = setup()
    const join = server.expectJoin('room:a')
    const room = here(() => chat('room:a'))
    expect([room.status(), room.isLoading(), room.value(), room.hasValue()]).toEqual([
      'loading',
      true,
      [],
      true,
    ])
    join.reply({ members: 3 })
    expect([room.status(), room.isLoading()]).toEqual(['resolved', false])
    const state = room.state()
    expect(state.status === 'joined' && state.response.members).toBe(3)
    topic.say('new_msg', { body: 'hello' })
    expect(room.value()).toEqual(['hello'])
    page.destroy()
    server.verify({ closed: true })
  })

  it('keeps its value over a reconnect, and says that it reloads', () => {
    const { here, server, topic, pass } = setup()
    const room = here(() => chat('room:a'))
    topic.say('new_msg', { body: 'one' })
    server.drop()
    expect([room.status(), room.value(), room.error()]).toEqual(['reloading', ['one'], undefined])
    pass(10)
    topic.say('new_msg', { body: 'two' })
    expect([room.status(), room.value()]).toEqual(['resolved', ['one', 'two']])
  })

  it('shows a refused join as an error, never throws, and joins again on reload', () => {
    const { here, server, topic } = setup()
    server.expectJoin('room:a').refuse({ reason: 'full' })
    const room = here(() => chat('room:a'))
    expect([room.status(), room.value(), room.hasValue(), room.isLoading()]).toEqual([
      'error',
      [],
      false,
      false,
    ])
    expect(room.error()?.message).toBe('The server refused the join of "room:a": full.')
    expect(topic.joined).toBe(false)
    expect(room.reload()).toBe(true)
    expect([room.status(), room.error()]).toEqual(['resolved', undefined])
    expect(room.reload()).toBe(false)
  })

  it('joins again on reload after the server closed the channel', () => {
    const { here, topic } = setup()
    const room = here(() => chat('room:a'))
    topic.close()
    expect([room.status(), room.state().status]).toEqual(['resolved', 'closed'])
    expect(room.reload()).toBe(true)
    expect([topic.joined, room.state().status]).toEqual([true, 'joined'])
  })

  it('follows a topic that is a function of signals, and is idle without one', () => {
    const { here, server, topic } = setup()
    const id = signal<string | undefined>(undefined)
    const room = here(() => chat(() => id() && `room:${id()}`))
    TestBed.tick()
    expect([room.status(), room.channel(), server.connections]).toEqual(['idle', undefined, 0])

    id.set('a')
    expect([room.status(), room.channel()?.topic]).toEqual(['loading', 'room:a'])
    TestBed.tick()
    topic.say('new_msg', { body: 'hello' })
    expect([room.status(), room.value()]).toEqual(['resolved', ['hello']])

    id.set('b')
    expect([room.status(), room.value()]).toEqual(['loading', []])
    TestBed.tick()
    expect([topic.joined, server.topic('room:b').joined]).toEqual([false, true])

    id.set(undefined)
    TestBed.tick()
    expect([room.status(), server.connections]).toEqual(['idle', 0])
  })

  it('shows what a topic, a stream or a callback does wrong as an error', () => {
    const { here, topic } = setup()
    const name = signal('')
    const empty = here(() => chat(name))
    TestBed.tick()
    expect([empty.status(), empty.value(), empty.error()?.message]).toEqual([
      'error',
      [],
      expect.stringMatching(/^topic is ""/),
    ])
    const broken = (stream: () => never) =>
      here(() => channelResource({ topic: 'room:a', stream, defaultValue: 0 }))
    const failing = broken(() => {
      throw new Error('no stream')
    })
    expect([failing.status(), failing.error()?.message]).toEqual(['error', 'no stream'])
    const erring = here(() =>
      channelResource({
        topic: 'room:a',
        stream: () => throwError(() => new Error('text')),
        defaultValue: 0,
      }),
    )
    expect([erring.status(), erring.error()?.message]).toEqual(['error', 'text'])
    const mapped = here(() =>
      channelResource({
        topic: 'room:a',
        stream: (room) =>
          room.on('new_msg').pipe(
            map((): number => {
              throw new Error('no map')
            }),
          ),
        defaultValue: 0,
      }),
    )
    topic.say('new_msg')
    expect([mapped.status(), mapped.error()?.message, topic.joined]).toEqual(['error', 'no map', false])
  })

  it('shows that a topic is joined with other options', () => {
    const { here } = setup()
    here(() => injectChannel('room:a', { params: { as: 'ann' } })).subscribe()
    const room = here(() =>
      channelResource({
        topic: 'room:a',
        options: { params: { as: 'bob' } },
        stream: bodies,
        defaultValue: [],
      }),
    )
    expect(room.error()?.message).toMatch(/^"room:a" is joined with another value of "params"/)
  })

  it('shares one join among components that pass the same function, and shows AlreadyJoined for another one', () => {
    const { here, server } = setup()
    const show = (params: () => { as: string }) =>
      here(() => channelResource({ topic: 'room:a', options: { params }, stream: bodies, defaultValue: [] }))
    const names = [show(namedAnn), show(namedAnn), show(() => ({ as: 'bob' }))].map(
      ({ status, error }) => error()?.name ?? status(),
    )
    expect(names).toEqual(['resolved', 'resolved', 'AlreadyJoined'])
    expect(server.sent.map(({ payload }) => payload)).toEqual([{ as: 'ann' }])
  })

  it('shows an error if its stream makes no Observable', () => {
    const { here, topic } = setup()
    const room = here(() =>
      channelResource({ topic: 'room:a', stream: (() => Promise.resolve(1)) as never, defaultValue: 0 }),
    )
    expect([room.status(), room.value(), topic.joined]).toEqual(['error', 0, false])
    expect(room.error()?.message).toMatch(/^channelResource.stream is an object: return an Observable/)
  })

  it('takes no options beside a token, which has its own', () => {
    const { here } = setup()
    const LOBBY = channelToken<Room>('room:a')
    const show = (options: object) => () =>
      here(() => channelResource({ topic: LOBBY, stream: bodies, defaultValue: [], ...options }))
    expect(show({ options: { params: { as: 'ann' } } })).toThrow(
      /^channelResource.options is an object: pass options and socket to channelToken/,
    )
    expect(show({ socket: LOBBY })).toThrow(/^channelResource.options is/)
    expect(show({ options: undefined })).not.toThrow()
  })

  it('connects nowhere on the server side of SSR', () => {
    TestBed.configureTestingModule({
      providers: [providePhoenixSocket('/socket'), { provide: PLATFORM_ID, useValue: 'server' }],
    })
    const [room, connection] = TestBed.runInInjectionContext(() => [chat('room:a'), injectConnection()])
    expect([room.status(), room.value(), connection().status]).toEqual(['loading', [], 'paused'])
  })

  it('names the call and the cure for misuse', () => {
    const { here } = setup()
    expect(() => chat('room:a')).toThrow(/NG0203: channelResource\(\)/)
    expect(() => here(() => chat(''))).toThrow(/^topic is ""/)
    expect(() =>
      here(() => channelResource({ topic: 'room:a', stream: undefined as never, defaultValue: 0 })),
    ).toThrow(/^channelResource.stream is undefined: pass a function/)
    TestBed.resetTestingModule()
    TestBed.configureTestingModule({})
    for (const [call, run] of [
      ['channelResource', () => chat('room:a')],
      ['presenceResource', () => presenceResource({ topic: 'room:a' })],
      ['liveStateResource', () => liveStateResource({ topic: 'room:a', dialect: 'seance' })],
      ['injectChannel', () => injectChannel('room:a')],
      ['injectConnection', () => injectConnection()],
    ] as const)
      expect(() => TestBed.runInInjectionContext(run as () => unknown)).toThrow(
        `NG0201: No provider found for the socket of ${call}(). Add providePhoenixSocket('/socket') to the providers`,
      )
    const OTHER = new InjectionToken<PhoenixSocket>('other')
    expect(() => TestBed.runInInjectionContext(() => injectConnection(OTHER))).toThrow(
      /^NG0201: .* Pass "InjectionToken other" as the third argument/,
    )
  })
})

describe('presenceResource', () => {
  it('shows who is there', () => {
    const { here, server } = setup()
    const people = here(() => presenceResource({ topic: 'room:a' }))
    server.presence('room:a').join('ann')
    expect([...people.value().keys()]).toEqual(['ann'])
  })
})

describe('liveStateResource', () => {
  interface Counter {
    readonly n: number
  }

  it('shows the state of the server, over a reconnect, and has no value before the first one', () => {
    const { here, server, pass } = setup()
    const counter = here(() => liveStateResource<Counter>({ topic: 'live:a', dialect: 'live-state' }))
    const value: Counter | undefined = counter.value()
    expect([value, counter.hasValue(), counter.status()]).toEqual([undefined, false, 'resolved'])
    server.topic('live:a').say('state:change', { state: { n: 1 }, version: 0 })
    expect([counter.value(), counter.hasValue()]).toEqual([{ n: 1 }, true])
    server.drop()
    expect([counter.value(), counter.status()]).toEqual([{ n: 1 }, 'reloading'])
    pass(10)
    server.topic('live:a').say('state:change', { state: { n: 3 }, version: 7 })
    expect(counter.value()).toEqual({ n: 3 })
  })

  it('dispatches, and shows a change before the server has made it', () => {
    const { here, server } = setup()
    const counter = here(() =>
      liveStateResource<Counter>({ topic: 'live:a', dialect: 'live-state', defaultValue: { n: 0 } }),
    )
    const live = server.topic('live:a')
    expect(counter.value().n).toBe(0)
    live.say('state:change', { state: { n: 1 }, version: 0 })
    counter.dispatch('add', { by: 1 }, ({ n }) => ({ n: n + 1 })).subscribe()
    expect([counter.value(), live.expectSend('lvs_evt:add')]).toEqual([{ n: 2 }, { by: 1 }])
    live.say('state:change', { state: { n: 5 }, version: 1 })
    expect(counter.value()).toEqual({ n: 5 })
  })

  it('follows a topic, and fails a dispatch without one', () => {
    const { here, server } = setup()
    const id = signal<string | undefined>('a')
    const counter = here(() =>
      liveStateResource<Counter>({ topic: () => id() && `live:${id()}`, dialect: 'live-state' }),
    )
    TestBed.tick()
    server.topic('live:a').say('state:change', { state: { n: 1 }, version: 0 })
    id.set(undefined)
    expect([counter.value(), counter.status()]).toEqual([undefined, 'idle'])
    let failure: unknown
    counter.dispatch('add').subscribe({ error: (error: unknown) => (failure = error) })
    expect(failure).toMatchObject({ _tag: 'ChannelClosed', sent: false })
  })

  it('shows an error that the server sends in place of a state, until it sends one, and asks again on reload', () => {
    const { here, server, pass } = setup()
    const counter = here(() =>
      liveStateResource<Counter>({ topic: 'live:a', dialect: 'seance', defaultValue: { n: 0 } }),
    )
    const live = server.topic('live:a')
    const shown = () => [counter.status(), counter.error()?.message, counter.value().n, counter.hasValue()]
    expect([shown(), counter.reload()]).toEqual([['resolved', undefined, 0, true], false])

    live.say('seance:error', { reason: 'no database' })
    expect(shown()).toEqual(['error', 'The server has no live state of "live:a": no database.', 0, false])
    expect(counter.error()).toMatchObject({ _tag: 'LiveStateFailed', response: { reason: 'no database' } })
    // This dialect has no event for it, so the topic is joined again.
    server.expectJoin('live:a').reply({})
    expect([counter.reload(), live.joined, counter.status()]).toEqual([true, true, 'resolved'])
    live.say('seance:error', { message: 'still none' })
    expect(counter.error()?.message).toBe('The server has no live state of "live:a": see response.')

    live.say('seance:change', { state: { n: 1 }, version: 0 })
    expect([shown(), counter.reload()]).toEqual([['resolved', undefined, 1, true], false])
    live.say('seance:error', { reason: 'gone' })
    server.drop()
    expect(shown()).toEqual(['reloading', undefined, 1, true])
    pass(10)
    live.say('seance:change', { state: { n: 2 }, version: 0 })
    expect(shown()).toEqual(['resolved', undefined, 2, true])
  })

  it('shows what is wrong with its options, and wants an injection context', () => {
    const { here } = setup()
    const wrong = here(() => liveStateResource({ topic: 'live:a', dialect: 'other' as 'seance' }))
    expect(wrong.error()?.message).toMatch(/^dialect is "other"/)
    expect(() => liveStateResource({ topic: 'live:a', dialect: 'seance' })).toThrow(
      /NG0203: liveStateResource\(\)/,
    )
  })
})

describe('injectConnection', () => {
  it('shows the state with the time to the next try, and ends with its injector', () => {
    const { here, server, page, pass } = setup()
    const connection = here(() => injectConnection())
    expect(connection().status).toBe('open')
    server.refuseConnections()
    server.drop()
    expect(connection()).toMatchObject({
      status: 'waiting',
      attempt: 1,
      retryInMs: 10,
      cause: { code: 1006 },
    })
    server.acceptConnections()
    pass(10)
    expect(connection().status).toBe('open')
    page.destroy()
    server.verify({ closed: true })
  })

  it('tries immediately when it is told while it waits', () => {
    const { here, server } = setup({ reconnect: () => 60_000 })
    const connection = here(() => injectConnection())
    expect(connection.reconnect()).toBe(false)
    server.drop()
    expect(connection()).toMatchObject({ status: 'waiting', retryInMs: 60_000 })
    expect([connection.reconnect(), connection().status]).toEqual([true, 'open'])
  })

  it('is failed when the policy stopped, and connects again when it is told', () => {
    const { here, server } = setup({ reconnect: stopAfter(0)(() => 1) })
    server.refuseConnections(403)
    const connection = here(() => injectConnection())
    expect(connection()).toMatchObject({ status: 'failed', cause: { status: 403 } })
    server.acceptConnections()
    expect(connection.reconnect()).toBe(true)
    expect(connection().status).toBe('open')
    expect(connection.reconnect()).toBe(false)
  })
})

describe('channelToken', () => {
  const ROOM = channelToken<Room>('room:a', { params: { as: 'ann' } })

  it('gives one channel with its contract and options to all', () => {
    const { here, page, topic, server } = setup()
    const room: Channel<Room> = here(() => injectChannel(ROOM))
    const shown = here(() => channelResource({ topic: ROOM, stream: bodies, defaultValue: [] }))
    let completed = false
    room.on('new_msg').subscribe({ complete: () => (completed = true) })
    expect([topic.params, server.sent.length, shown.status()]).toEqual([{ as: 'ann' }, 1, 'resolved'])
    page.destroy()
    expect([completed, topic.joined]).toEqual([true, false])
  })

  it('makes its options where inject may be called, once', () => {
    const NAME = new InjectionToken('name', { factory: () => signal('ann') })
    let calls = 0
    const OWN = channelToken<Room>('room:a', () => {
      calls++
      const name = inject(NAME)
      return { params: () => ({ as: name() }) }
    })
    const { server } = setup()
    expect(calls).toBe(0)
    const expected = server.expectJoin('room:a')
    TestBed.runInInjectionContext(() => {
      injectChannel(OWN).subscribe()
      channelResource({ topic: OWN, stream: bodies, defaultValue: [] as readonly string[] })
    })
    expect([expected.params, calls]).toEqual([{ as: 'ann' }, 1])
  })

  it('takes no empty topic', () => {
    expect(() => channelToken('')).toThrow(/^topic is ""/)
  })
})

describe('a socket with contracts by topic', () => {
  const CHAT = new InjectionToken<PhoenixSocket<Topics>>('chat')

  it('types the channels that are injected by its token', () => {
    TestBed.configureTestingModule({
      providers: [providePhoenixTesting({}, CHAT)],
    })
    const room: Channel<Room> = TestBed.runInInjectionContext(() =>
      injectChannel('room:a', { socket: CHAT, params: { as: 'ann' } }),
    )
    // @ts-expect-error an event that the contract does not have
    room.on('old_msg')
    expect(room.topic).toBe('room:a')
    const shown = TestBed.runInInjectionContext(() =>
      channelResource({
        socket: CHAT,
        topic: () => 'room:a' as const,
        options: { params: { as: 'ann' } },
        stream: (typed) => typed.on('new_msg').pipe(map(({ body }) => body)),
        defaultValue: '',
      }),
    )
    expect(shown.channel()?.topic).toBe('room:a')
    const wrong = () =>
      // @ts-expect-error a topic that the socket does not have
      injectChannel('lobby', { socket: CHAT })
    expect(wrong).toThrow(/NG0203/)
    const alsoWrong = () =>
      // @ts-expect-error a topic that the socket does not have
      channelResource({ socket: CHAT, topic: 'lobby', stream: bodies, defaultValue: [] })
    expect(alsoWrong).toThrow(/NG0203/)
  })
})

describe('pushSignal', () => {
  it('shows the latest push, and makes it again after a failure', () => {
    const { here, server, topic } = setup()
    const room = here(() => channelResource({ topic: 'room:a', stream: bodies, defaultValue: [] }))
    const post = pushSignal(room.channel, 'new_msg')
    expect([post().status, post.retry()]).toEqual(['idle', false])
    post.push({ body: 'hi' })
    expect(post()).toEqual({ status: 'pending', payload: { body: 'hi' } })
    topic.expectPush('new_msg').refuse({ reason: 'muted' })
    expect(post()).toMatchObject({ status: 'failed', error: { _tag: 'PushRefused' } })
    expect(post.retry()).toBe(true)
    topic.expectPush('new_msg').reply({ id: '7' })
    expect(post()).toEqual({ status: 'done', payload: { body: 'hi' }, response: { id: '7' } })

    post.push({ body: 'first' })
    post.push({ body: 'second' })
    topic.expectPush('new_msg').reply({ id: '8' })
    expect(post().status).toBe('pending')
    topic.expectPush('new_msg').reply({ id: '9' })
    expect(post()).toMatchObject({ payload: { body: 'second' }, response: { id: '9' } })
    server.verify()
  })

  it('says what to do where there is no topic yet', () => {
    const post = pushSignal<Room, 'new_msg'>(() => undefined, 'new_msg')
    expect(() => {
      post.push({ body: 'hi' })
    }).toThrow(/^pushSignal.channel is undefined: there is no topic yet/)
  })

  it('shows no push of an event that cannot work', () => {
    const { here } = setup()
    const post = here(() => pushSignal(injectChannel('room:a'), ''))
    expect(() => {
      post.push({ body: 'hi' })
    }).toThrow(/^event is "": pass the name of an event/)
    expect(post()).toEqual({ status: 'idle' })
  })
})

describe('an authToken that is a signal', () => {
  it('reconnects when its value changes, and without a token when there is none', () => {
    const token = signal<string | undefined>('one')
    const { here, server } = setup({ authToken: token })
    const tokens: unknown[] = []
    server.targets$.subscribe(({ authToken }) => tokens.push(authToken))
    const connection = here(() => injectConnection())
    TestBed.tick()
    expect([connection().status, tokens]).toEqual(['open', ['one']])
    token.set('two')
    TestBed.tick()
    expect([connection().status, tokens, server.connections]).toEqual(['open', ['one', 'two'], 1])
    token.set(undefined)
    TestBed.tick()
    expect([connection().status, tokens.at(-1), server.connections]).toEqual(['open', undefined, 1])
  })

  it('reconnects once when its value changes twice quickly, and not when it is the same again', () => {
    const token = signal<string | null>('one')
    const { here, server } = setup({ authToken: token })
    const tokens: unknown[] = []
    server.targets$.subscribe(({ authToken }) => tokens.push(authToken))
    here(() => injectConnection())
    TestBed.tick()
    token.set('two')
    token.set('three')
    TestBed.tick()
    token.set(null)
    token.set('three')
    TestBed.tick()
    expect([tokens, server.connections]).toEqual([['one', 'three'], 1])
  })
})
