import { InjectionToken, PLATFORM_ID, runInInjectionContext } from '@angular/core'
import { TestBed } from '@angular/core/testing'
import { tapResponse } from '@ngrx/operators'
import {
  patchState,
  signalStore,
  type,
  withFeature,
  withLinkedState,
  withMethods,
  withProps,
  withState,
} from '@ngrx/signals'
import { addEntity, withEntities } from '@ngrx/signals/entities'
import { rxMethod } from '@ngrx/signals/rxjs-interop'
import { concatMap, lastValueFrom, pipe } from 'rxjs'
import {
  channelToken,
  injectChannel,
  presenceResource,
  providePhoenixSocket,
  providePhoenixTesting,
} from '../../lib/angular/index.ts'
import { type PhoenixSocket, type PushError, toEither } from '../../lib/index.ts'
import { withChannel, withPresence } from '../../lib/ngrx/index.ts'
import { useTestBed } from '../angular/test-bed.ts'
import { type Message, type Room, setup, type Topics } from './setup.ts'

useTestBed()

const room = { topic: 'room:a', contract: type<Room>() } as const
const messagesOf = {
  new_msg: ({ messages }: { readonly messages: readonly Message[] }, message: Message) => ({
    messages: [...messages, message],
  }),
}
const hello: Message = { id: '1', body: 'hello' }

describe('withChannel', () => {
  it('joins as the store is made, makes state of what the server says, and leaves with the store', () => {
    const { open, page, server, topic } = setup()
    const join = server.expectJoin('room:a')
    const Chat = signalStore(
      withState({ messages: [] as readonly Message[], members: 0 }),
      withChannel({
        ...room,
        joined: (_state, { members }) => ({ members }),
        events: {
          new_msg: ({ messages }, message) => ({ messages: [...messages, message] }),
          cleared: () => ({ messages: [] }),
        },
      }),
    )
    const store = open(Chat)
    expect([store.status(), store.channelState().status]).toEqual(['loading', 'joining'])
    join.reply({ members: 3 })
    expect([store.status(), store.error(), store.members()]).toEqual(['resolved', undefined, 3])
    topic.say('new_msg', hello)
    expect(store.messages()).toEqual([hello])
    topic.say('cleared', {})
    expect(store.messages()).toEqual([])
    page.destroy()
    server.verify({ closed: true })
  })

  it('keeps the state over a reconnect, and applies what the new join answers', () => {
    const { open, server, topic, pass } = setup()
    const store = open(
      signalStore(
        withState({ messages: [] as readonly Message[], joins: 0 }),
        withChannel({ ...room, joined: ({ joins }) => ({ joins: joins + 1 }), events: messagesOf }),
      ),
    )
    topic.say('new_msg', hello)
    server.drop()
    expect([store.status(), store.error(), store.messages()]).toEqual(['reloading', undefined, [hello]])
    pass(10)
    expect([store.status(), store.joins()]).toEqual(['resolved', 2])
    topic.say('new_msg', hello)
    expect(store.messages()).toEqual([hello, hello])
  })

  it('shows a refused join, and joins again when it is told', () => {
    const { open, server, topic } = setup()
    server.expectJoin('room:a').refuse({ reason: 'full' })
    const store = open(signalStore(withChannel(room), withPresence()))
    expect([store.status(), store.error()?.message, topic.joined]).toEqual([
      'error',
      'The server refused the join of "room:a": full.',
      false,
    ])
    expect(store.rejoin()).toBe(true)
    expect([store.status(), store.error(), topic.joined]).toEqual(['resolved', undefined, true])
    server.presence('room:a').join('ann')
    expect([...store.presence().keys()]).toEqual(['ann'])
    expect(store.rejoin()).toBe(false)
    topic.close()
    expect(store.rejoin()).toBe(true)
    expect(topic.joined).toBe(true)
  })

  it('follows a topic that is a function of the store, and is idle without one', () => {
    const { open, server, topic } = setup()
    const Rooms = signalStore(
      { protectedState: false },
      withState({ id: undefined as string | undefined }),
      withLinkedState(({ id }) => ({ messages: (): readonly Message[] => (id() === undefined ? [] : []) })),
      withChannel({
        topic: ({ id }) => id() && `room:${id()}`,
        contract: type<Room>(),
        events: messagesOf,
      }),
      withPresence(),
    )
    const store = open(Rooms)
    const showing = () => [
      store.status(),
      store.channel()?.topic,
      store.messages().length,
      store.presence().size,
    ]
    TestBed.tick()
    expect([...showing(), server.connections]).toEqual(['idle', undefined, 0, 0, 0])

    patchState(store, { id: 'a' })
    TestBed.tick()
    topic.say('new_msg', hello)
    server.presence('room:a').join('ann')
    expect(showing()).toEqual(['resolved', 'room:a', 1, 1])

    patchState(store, { id: 'b' })
    expect(showing()).toEqual(['loading', 'room:b', 0, 0])
    TestBed.tick()
    expect([topic.joined, server.topic('room:b').joined, ...showing()]).toEqual([
      false,
      true,
      'resolved',
      'room:b',
      0,
      0,
    ])
    patchState(store, { id: undefined })
    TestBed.tick()
    expect([store.status(), server.connections]).toEqual(['idle', 0])
  })

  it('pushes in an rxMethod, which outlives a refusal and a topic that is not there', () => {
    const { open, server, topic } = setup()
    const Chat = signalStore(
      { protectedState: false },
      withState<{ readonly id: string | undefined; readonly sent: readonly string[] }>({ id: 'a', sent: [] }),
      withChannel({ topic: ({ id }) => id() && `room:${id()}`, contract: type<Room>() }),
      withMethods((store) => ({
        say: rxMethod<string>(
          pipe(
            concatMap((body) =>
              store.push('new_msg', { body }).pipe(
                toEither,
                tapResponse({
                  next: (result) => {
                    const outcome = result._tag === 'Right' ? result.right.id : result.left._tag
                    patchState(store, ({ sent }) => ({ sent: [...sent, outcome] }))
                  },
                  error: () => undefined,
                }),
              ),
            ),
          ),
        ),
      })),
    )
    const store = open(Chat)
    TestBed.tick()
    store.say('one')
    topic.expectPush('new_msg', { body: 'one' }).refuse({ reason: 'muted' })
    patchState(store, { id: undefined })
    TestBed.tick()
    store.say('nowhere')
    patchState(store, { id: 'a' })
    TestBed.tick()
    store.say('two')
    topic.expectPush('new_msg', { body: 'two' }).reply({ id: '7' })
    expect(store.sent()).toEqual(['PushRefused', 'ChannelClosed', '7'])
    store.send('new_msg', { body: 'no reply' }).subscribe()
    expect(topic.expectSend('new_msg')).toEqual({ body: 'no reply' })
    server.verify()
  })

  it('takes updaters of entities, one or several', () => {
    const { open, topic } = setup()
    const store = open(
      signalStore(
        withState({ count: 0 }),
        withEntities<Message>(),
        withChannel({
          ...room,
          events: { new_msg: ({ count }, message) => [addEntity(message), { count: count + 1 }] },
        }),
      ),
    )
    topic.say('new_msg', hello)
    expect([store.entities(), store.count()]).toEqual([[hello], 1])
  })

  it('shows what a reducer throws as the error, and leaves', () => {
    const { open, topic } = setup()
    const store = open(
      signalStore(
        withState({ count: 0 }),
        withChannel({
          ...room,
          events: {
            new_msg: () => {
              throw new Error('no reducer')
            },
          },
        }),
      ),
    )
    topic.say('new_msg', hello)
    expect([store.status(), store.error()?.message, topic.joined]).toEqual(['error', 'no reducer', false])
  })

  it('takes a token of channelToken, options, and options made of the store', () => {
    const { open, server, topic } = setup()
    const ROOM = channelToken<Room>('room:a', { params: { as: 'ann' } })
    const ofToken = signalStore(
      withState({ messages: [] as readonly Message[] }),
      withChannel({ topic: ROOM, events: messagesOf }),
    )
    expect(open(ofToken).status()).toBe('resolved')
    expect(topic.params).toEqual({ as: 'ann' })
    const ofOptions = signalStore(
      withState({ name: 'bob' }),
      withFeature(({ name }) =>
        withChannel({ topic: 'room:b', contract: type<Room>(), options: { params: () => ({ as: name() }) } }),
      ),
    )
    expect(open(ofOptions).status()).toBe('resolved')
    expect(server.topic('room:b').params).toEqual({ as: 'bob' })
  })

  it('shows that a topic is joined with other options', () => {
    const { open, page } = setup()
    const other = runInInjectionContext(page, () => injectChannel<Room>('room:a', { params: { as: 'ann' } }))
    other.subscribe()
    const store = open(signalStore(withChannel({ ...room, options: { params: { as: 'bob' } } })))
    expect(store.error()?.message).toMatch(/^"room:a" is joined with another value of "params"/)
  })

  it('shares its channel with what takes it as a topic of a resource', () => {
    const { open, server } = setup()
    const store = open(
      signalStore(
        withChannel({ ...room, options: { params: { as: 'ann' } } }),
        withProps(() => ({ people: presenceResource({ topic: 'room:a' }) })),
      ),
    )
    server.presence('room:a').join('ann')
    expect([...store.people.value().keys()]).toEqual(['ann'])
  })

  it('connects nowhere on the server side of SSR', () => {
    TestBed.configureTestingModule({
      providers: [providePhoenixSocket('/socket'), { provide: PLATFORM_ID, useValue: 'server' }],
    })
    const Chat = signalStore({ providedIn: 'root' }, withChannel(room), withPresence())
    const store = TestBed.inject(Chat)
    expect([store.status(), store.presence().size]).toEqual(['loading', 0])
  })

  it('names the call and the cure for misuse', () => {
    expect(() => withChannel({ topic: '' })).toThrow(/^withChannel.topic is "": pass a topic such as/)
    expect(() => withChannel({ topic: 7 as never })).toThrow(/^withChannel.topic is 7/)
    expect(() => withChannel({ topic: 'room:a', events: { new_msg: 'add' as never } })).toThrow(
      /^withChannel.new_msg is "add": pass a function such as/,
    )
    const { open } = setup()
    expect(() => open(signalStore(withChannel(room), withChannel({ topic: 'room:b' })))).toThrow(
      /a store has one channel; give another one as a property/,
    )
    expect(() => open(signalStore(withState({ id: '' }), withPresence()))).toThrow(
      /^withPresence.channel is undefined: put withChannel\(\{ topic: … \}\) before it/,
    )
    TestBed.resetTestingModule()
    TestBed.configureTestingModule({})
    const Chat = signalStore({ providedIn: 'root' }, withChannel(room))
    expect(() => TestBed.inject(Chat)).toThrow(
      "NG0201: No provider found for the socket of withChannel(). Add providePhoenixSocket('/socket') to the providers",
    )
  })
})

describe('the types of withChannel', () => {
  const CHAT = new InjectionToken<PhoenixSocket<Topics>>('chat')

  it('come from the contracts of a socket', async () => {
    TestBed.configureTestingModule({ providers: [providePhoenixTesting({}, CHAT)] })
    const Chat = signalStore(
      { providedIn: 'root' },
      withState({ last: '' }),
      withChannel({
        socket: CHAT,
        topic: 'room:a',
        options: { params: { as: 'ann' } },
        events: { new_msg: (_state, { body }) => ({ last: body }) },
      }),
    )
    const store = TestBed.inject(Chat)
    const pushed: Promise<{ id: string }> = lastValueFrom(store.push('new_msg', { body: 'hi' }))
    pushed.catch(() => undefined)
    // @ts-expect-error a push that the contract does not have
    store.push('old_msg', {}).subscribe().unsubscribe()
    TestBed.resetTestingModule()
    await expect(pushed).rejects.toMatchObject({ _tag: expect.any(String) as PushError['_tag'] })
  })

  it('reject what does not fit the contract or the state', () => {
    const withMessages = withState({ messages: [] as readonly Message[] })
    const made = [
      () =>
        signalStore(
          withMessages,
          // @ts-expect-error an event that the contract does not have
          withChannel({ ...room, events: { old_msg: () => ({ messages: [] }) } }),
        ),
      () =>
        signalStore(
          withMessages,
          // @ts-expect-error a part of the state with another type
          withChannel({ ...room, events: { new_msg: () => ({ messages: 'none' }) } }),
        ),
      () =>
        signalStore(
          withMessages,
          // @ts-expect-error params that the contract does not have
          withChannel({ ...room, options: { params: { is: 'ann' } } }),
        ),
      // @ts-expect-error a topic that the socket does not have
      () => signalStore(withChannel({ socket: CHAT, topic: 'lobby' })),
      () =>
        signalStore(
          withChannel(room),
          // @ts-expect-error a payload that the contract does not have
          withMethods(({ push }) => ({ say: () => push('new_msg', { text: '' }) })),
        ),
    ]
    expect(made).toHaveLength(5)
  })
})
