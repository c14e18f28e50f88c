import { TestBed } from '@angular/core/testing'
import { MemoryLevel } from 'memory-level'
import { PhoenixTestingController, providePhoenixTesting } from 'rx-phoenix/angular'
import { type PostsContract } from '../../../shared/contract.ts'
import { Session } from '../session.ts'
import { DATABASE, OutgoingStore } from './outgoing.store.ts'

/** Opens the page, with what the visits before have kept. */
const visit = (database: MemoryLevel) => {
  TestBed.resetTestingModule()
  TestBed.configureTestingModule({
    providers: [providePhoenixTesting(), { provide: DATABASE, useValue: database }],
  })
  const server = TestBed.inject(PhoenixTestingController)
  TestBed.inject(Session).signIn('Ann')
  const store = TestBed.inject(OutgoingStore)
  TestBed.tick()
  return { server, store, posts: server.topic<PostsContract>('posts') }
}
const shown = ({ posts }: InstanceType<typeof OutgoingStore>) =>
  posts().map(({ body, delivery, reason }) => [body, delivery, reason].join(' ').trim())

/** A database takes turns of the event loop. */
const soon = <A>(look: () => A): Promise<A> => vi.waitFor(look, { interval: 1 })

describe('the store of outgoing posts', () => {
  beforeEach(() => {
    sessionStorage.clear()
  })

  it('shows a post until the server has it', async () => {
    const { store, posts } = visit(new MemoryLevel())
    store.write({ room: 'fire', body: 'hello' })
    const push = await soon(() => posts.expectPush('post'))
    await soon(() => expect(shown(store)).toEqual(['hello sending']))
    const { id = '', ...written } = push.payload as { id?: string }
    expect(written).toEqual({ room: 'fire', body: 'hello' })
    expect(store.posts()[0]?.id).toBe(id)
    push.reply({ id, author: { id: 'ann', name: 'Ann' }, body: 'hello', atMs: 1 })
    await soon(() => expect(shown(store)).toEqual([]))
  })

  it('keeps posts through a reload while offline, and sends them once, in order', async () => {
    const database = new MemoryLevel()
    const offline = visit(database)
    offline.server.refuseConnections()
    offline.server.drop()
    offline.store.write({ room: 'fire', body: 'first' })
    offline.store.write({ room: 'fire', body: 'second' })
    await soon(() => expect(shown(offline.store)).toEqual(['first queued', 'second queued']))

    const { store, posts } = visit(database)
    const sent: unknown[] = []
    for (const body of ['first', 'second']) {
      const push = await soon(() => posts.expectPush('post'))
      const { id } = push.payload as { id?: string }
      sent.push([body, id])
      expect(push.payload).toMatchObject({ room: 'fire', body })
      push.reply({ id: String(id), author: { id: 'ann', name: 'Ann' }, body, atMs: 1 })
    }
    expect(new Set(sent.map(String)).size).toBe(2)
    await soon(() => expect(shown(store)).toEqual([]))
  })

  it('shows why a post was refused, and sends it again or discards it', async () => {
    const { store, posts } = visit(new MemoryLevel())
    store.write({ room: 'fire', body: 'hello' })
    ;(await soon(() => posts.expectPush('post'))).refuse({ reason: 'too soon' })
    await soon(() => expect(shown(store)).toEqual(['hello refused too soon']))
    store.sendAgain(store.posts()[0]?.id ?? '')
    ;(await soon(() => posts.expectPush('post'))).refuse({})
    await soon(() => expect(shown(store)).toEqual(['hello refused the server refused it']))
    store.discard(store.posts()[0]?.id ?? '')
    await soon(() => expect(shown(store)).toEqual([]))
  })

  it('says so when the browser keeps nothing', async () => {
    const database = new MemoryLevel()
    const { store } = visit(database)
    vi.spyOn(database, 'batch').mockRejectedValue(new Error('the disk is full') as never)
    store.write({ room: 'fire', body: 'hello' })
    await soon(() => expect(store.notKept()).toBe('hello'))
  })
})
