import { TestBed } from '@angular/core/testing'
import { patchState, signalStore, withComputed, withState } from '@ngrx/signals'
import { lastValueFrom } from 'rxjs'
import { type Presence, type PresenceMeta, stopAfter } from '../../lib/index.ts'
import { withChannel, withConnection, withLiveState, withPresence } from '../../lib/ngrx/index.ts'
import { useTestBed } from '../angular/test-bed.ts'
import { setup } from './setup.ts'

useTestBed()

interface Todos {
  readonly todos: readonly string[]
}

describe('withConnection', () => {
  it('shows the connection with the time to the next try, and lasts as long as the store', () => {
    const { open, page, pass, server } = setup()
    const store = open(signalStore(withConnection()))
    expect(store.connection().status).toBe('open')
    server.drop()
    expect(store.connection()).toMatchObject({ status: 'waiting', attempt: 1, retryInMs: 10 })
    pass(10)
    expect([store.connection().status, store.reconnect()]).toEqual(['open', false])
    page.destroy()
    server.verify({ closed: true })
  })

  it('is failed when the policy stopped, and connects again when it is told', () => {
    const { open, server } = setup({ reconnect: stopAfter(0)(() => 1) })
    server.refuseConnections(403)
    const store = open(signalStore(withConnection()))
    expect(store.connection()).toMatchObject({ status: 'failed', cause: { status: 403 } })
    server.acceptConnections()
    expect([store.reconnect(), store.connection().status]).toEqual([true, 'open'])
  })

  it('names the call and the cure where no socket is provided', () => {
    TestBed.configureTestingModule({})
    const Store = signalStore({ providedIn: 'root' }, withConnection())
    expect(() => TestBed.inject(Store)).toThrow(
      /^NG0201: No provider found for the socket of withConnection\(\)\. Add providePhoenixSocket/,
    )
  })
})

describe('withPresence', () => {
  interface Person extends Presence {
    readonly metas: readonly (PresenceMeta & { readonly typing?: boolean })[]
  }

  it('shows who is there, typed, over a reconnect, and ends with the store', () => {
    const { open, page, pass, server, topic } = setup()
    const store = open(
      signalStore(
        withState({ me: 'ann' }),
        withChannel({ topic: 'room:a' }),
        withPresence<Person>(),
        withComputed(({ presence }) => ({
          typing: () =>
            [...presence()].filter(([, { metas }]) => metas.some(({ typing }) => typing)).map(([key]) => key),
        })),
      ),
    )
    const people = server.presence('room:a')
    people.join('ann')
    people.join('bob', { typing: true })
    expect([store.presence().size, store.typing()]).toEqual([2, ['bob']])
    server.drop()
    expect([store.status(), store.typing()]).toEqual(['reloading', ['bob']])
    people.leave('bob')
    pass(10)
    expect([store.status(), [...store.presence().keys()]]).toEqual(['resolved', ['ann']])
    page.destroy()
    expect(topic.joined).toBe(false)
  })

  it('takes the events of another server', () => {
    const { open, topic } = setup()
    const store = open(
      signalStore(
        withChannel({ topic: 'room:a' }),
        withPresence({ events: { state: 'who', diff: 'change' } }),
      ),
    )
    const untyped = topic as unknown as { say(event: string, payload: unknown): void }
    untyped.say('who', { ann: { metas: [{ phx_ref: '1' }] } })
    expect([...store.presence().keys()]).toEqual(['ann'])
  })
})

describe('withLiveState', () => {
  const TodoStore = signalStore(
    { protectedState: false },
    withState<{ readonly id: string | undefined }>({ id: 'a' }),
    withChannel({ topic: ({ id }) => id() && `todos:${id()}` }),
    withLiveState<Todos>({ dialect: 'live-state', defaultValue: { todos: [] } }),
    withComputed(({ liveState }) => ({ count: () => liveState().todos.length })),
  )
  const opened = () => {
    const given = setup()
    const store = given.open(TodoStore)
    TestBed.tick()
    return { ...given, store, list: given.server.topic('todos:a') }
  }

  it('shows the state of the server, keeps it over a reconnect, and begins anew with another topic', () => {
    const { store, list, pass, server } = opened()
    expect(store.liveState()).toEqual({ todos: [] })
    list.say('state:change', { state: { todos: ['join'] }, version: 0 })
    expect([store.liveState(), store.count()]).toEqual([{ todos: ['join'] }, 1])
    server.drop()
    expect([store.status(), store.count()]).toEqual(['reloading', 1])
    pass(10)
    list.say('state:change', { state: { todos: [] }, version: 0 })
    expect([store.status(), store.count()]).toEqual(['resolved', 0])

    list.say('state:change', { state: { todos: ['push'] }, version: 1 })
    patchState(store, { id: 'b' })
    expect([store.status(), store.count()]).toEqual(['loading', 0])
    TestBed.tick()
    expect([list.joined, server.topic('todos:b').joined]).toEqual([false, true])
  })

  it('dispatches to the server, and shows a change before the server has made it', () => {
    const { store, list } = opened()
    list.say('state:change', { state: { todos: ['join'] }, version: 0 })
    store.dispatch('add', { text: 'push' }, ({ todos }) => ({ todos: [...todos, 'push'] })).subscribe()
    expect(store.liveState().todos).toEqual(['join', 'push'])
    expect(list.expectSend('lvs_evt:add')).toEqual({ text: 'push' })
    list.say('state:change', { state: { todos: ['join', 'push', 'leave'] }, version: 1 })
    expect(store.liveState().todos).toEqual(['join', 'push', 'leave'])
    store.dispatch('clear').subscribe()
    expect(list.expectSend('lvs_evt:clear')).toEqual({})
  })

  it('fails a dispatch with ChannelClosed without a topic, and is undefined without a default', async () => {
    const { store, open } = opened()
    patchState(store, { id: undefined })
    await expect(lastValueFrom(store.dispatch('add'))).rejects.toMatchObject({
      _tag: 'ChannelClosed',
      sent: false,
    })
    const other = open(
      signalStore(withChannel({ topic: 'todos:c' }), withLiveState<Todos>({ dialect: 'seance' })),
    )
    const value: Todos | undefined = other.liveState()
    expect(value).toBeUndefined()
  })

  it('shows an error that the server sends in place of a state, and asks again on rejoin', () => {
    const { store, list, server } = opened()
    list.say('error', { reason: 'init failed' })
    const before = store.error()
    expect([store.status(), before?.message]).toEqual([
      'error',
      'The server has no live state of "todos:a": init failed.',
    ])
    expect([store.rejoin(), list.expectSend('lvs_refresh'), store.status()]).toEqual([true, {}, 'error'])
    list.say('state:change', { state: { todos: ['join'] }, version: 0 })
    expect([store.status(), store.error(), store.count(), store.rejoin()]).toEqual([
      'resolved',
      undefined,
      1,
      false,
    ])

    list.say('error', { reason: 'init failed' })
    patchState(store, { id: 'b' })
    expect([store.status(), store.error()]).toEqual(['loading', undefined])
    TestBed.tick()
    expect([store.status(), server.topic('todos:b').joined]).toEqual(['resolved', true])
  })

  it('names what is wrong with its options', () => {
    const { open } = setup()
    const store = signalStore(
      withChannel({ topic: 'todos' }),
      withLiveState<Todos>({ dialect: 'other' as 'seance' }),
    )
    expect(open(store).error()?.message).toMatch(/^dialect is "other"/)
  })
})
