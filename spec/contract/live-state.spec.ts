import { filter, firstValueFrom, map, take, toArray } from 'rxjs'
import { type Channel, phoenixSocket } from '../../lib/index.ts'
import { dialects, liveState, type LiveState, optimistic } from '../../lib/live-state/index.ts'
import { contractServer, type ContractServer, freshTopic, freshUser } from './support/server.ts'
import { soon } from './support/soon.ts'
import { errorOf, when } from './support/settled.ts'

interface Todo {
  readonly id: number
  readonly text: string
  readonly done: boolean
}

interface Todos {
  readonly todos: readonly Todo[]
  readonly count: number
  readonly filter: string | null
}

let server: ContractServer
beforeAll(async () => {
  server = await contractServer()
})
afterAll(() => server.close())

// Over WebSocket only, since the contract app mounts these sockets without long polling.
describe.each([
  ['live-state', 'live_state'],
  ['seance', 'seance'],
] as const)('live state of %s', (dialect, path) => {
  let topic: string
  let user: string
  beforeEach(() => {
    topic = freshTopic().replace('room', 'todos')
    user = freshUser()
  })

  const join = (params: object = {}, at = topic): Channel =>
    phoenixSocket(`${server.url}/${path}`, {
      params: { user_id: user },
      reconnect: soon,
      rejoin: (cause, attempt) => (cause._tag === 'JoinRefused' ? 'stop' : soon(cause, attempt)),
    }).channel(at, { params })
  const todosOf = (channel: Channel): LiveState<Todos> => liveState<Todos>(channel, { dialect })
  const until = (state: LiveState<Todos>, holds: (todos: Todos) => boolean): Promise<Todos> =>
    firstValueFrom(state.pipe(filter(holds)))
  const send = (state: LiveState<Todos>, name: string, detail?: unknown): Promise<undefined> =>
    firstValueFrom(state.dispatch(name, detail), { defaultValue: undefined })

  it('loads, follows dispatched events, and shares unchanged parts', async () => {
    const state = todosOf(join())
    const held = state.subscribe()
    expect(await firstValueFrom(state)).toEqual({ todos: [], count: 0, filter: null })
    await send(state, 'add', { text: 'one' })
    const one = await until(state, ({ count }) => count === 1)
    await send(state, 'add', { text: 'two' })
    const two = await until(state, ({ count }) => count === 2)
    expect(two.todos.map(({ text }) => text)).toEqual(['one', 'two'])
    expect(two.todos[0]).toBe(one.todos[0])
    await send(state, 'prepend', { text: 'zero' })
    await send(state, 'remove_first')
    await send(state, 'put', { key: 'filter', value: { 'a/b': ['~'] } })
    const last = await until(state, (todos) => todos.filter !== null)
    expect(last).toMatchObject({ todos: [{ text: 'one' }, { text: 'two' }], filter: { 'a/b': ['~'] } })
    expect(await firstValueFrom(state.version$)).toBe(5)
    expect(await firstValueFrom(state.select('/todos/1/text'))).toBe('two')
    held.unsubscribe()
  })

  it('shows an optimistic change until the server has made it', async () => {
    const state = todosOf(join())
    const counts = firstValueFrom(
      state.pipe(
        map(({ count }) => count),
        take(3),
        toArray(),
      ),
    )
    await firstValueFrom(state)
    const held = state.subscribe()
    const inc$ = state.dispatch('inc').pipe(optimistic(state, (todos) => ({ ...todos, count: 99 })))
    await firstValueFrom(inc$, { defaultValue: undefined })
    expect(await counts).toEqual([0, 99, 1])
    held.unsubscribe()
  })

  it('hears events, which come before the patch of their step', async () => {
    const state = todosOf(join())
    const seen: string[] = []
    const held = state.subscribe(({ count }) => seen.push(`count ${count}`))
    held.add(state.on('notified').subscribe((detail) => seen.push(JSON.stringify(detail))))
    await firstValueFrom(state)
    await send(state, 'notify', { n: 1 })
    await until(state, ({ count }) => count === 1)
    expect(seen).toEqual(['count 0', '{"n":1}', 'count 1'])
    held.unsubscribe()
  })

  it('S14: is there immediately when it is first called long after the join', async () => {
    const channel = join()
    const held = channel.subscribe()
    await when(channel, 'joined')
    const first = todosOf(channel)
    await send(first, 'inc')
    await until(first, ({ count }) => count === 1)
    const seen: number[] = []
    held.add(todosOf(channel).subscribe(({ count }) => seen.push(count)))
    expect(seen).toEqual([1])
    held.unsubscribe()
  })

  it('has an error where init failed, and a refused join is one of the channel', async () => {
    const failed = todosOf(join({ init_error: 'string' }))
    expect(await firstValueFrom(failed.errors$)).toEqual({ message: 'init failed' })
    topic += 'b'
    expect(await errorOf(todosOf(join({ token: 'bad_string' })))).toMatchObject({
      _tag: 'JoinRefused',
      response: 'not allowed',
    })
  })

  it('continues over the maximum version, with a separate state for each client', async () => {
    const state = todosOf(join({}, topic.replace('todos', 'wrap')))
    const versions = firstValueFrom(state.version$.pipe(take(7), toArray()))
    const statuses: string[] = []
    const held = state.status$.subscribe((status) => statuses.push(status))
    await firstValueFrom(state)
    for (let i = 0; i < 6; i++) await send(state, 'inc')
    expect(await versions).toEqual([0, 1, 2, 3, 0, 1, 2])
    expect(statuses).toEqual(['loading', 'live'])
    held.unsubscribe()
  })

  it('is loaded again after a crash, and stale meanwhile', async () => {
    const state = todosOf(join())
    const statuses = firstValueFrom(state.status$.pipe(take(4), toArray()))
    const held = state.subscribe()
    await send(state, 'inc')
    await until(state, ({ count }) => count === 1)
    await send(state, 'crash')
    expect(await statuses).toEqual(['loading', 'live', 'stale', 'live'])
    expect(await firstValueFrom(state)).toMatchObject({ count: 0 })
    held.unsubscribe()
  })

  it('asks for the whole state, and shows an equal one no second time', async () => {
    const channel = join()
    const state = todosOf(channel)
    const wholes = firstValueFrom(channel.on(dialects[dialect].change).pipe(take(2), toArray()))
    const shown: unknown[] = []
    const held = state.subscribe((each) => shown.push(each))
    await firstValueFrom(state)
    await firstValueFrom(state.refresh(), { defaultValue: undefined })
    const [first, second] = await wholes
    expect(second).toEqual(first)
    expect(shown).toHaveLength(1)
    held.unsubscribe()
  })
})
