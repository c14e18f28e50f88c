import { TestBed } from '@angular/core/testing'
import { provideEffects } from '@ngrx/effects'
import { provideState, provideStore, Store } from '@ngrx/store'
import { PhoenixTestingController, providePhoenixTesting } from 'rx-phoenix/angular'
import { type Post, type RoomContract } from '../../../shared/contract.ts'
import { Session } from '../session.ts'
import * as chatEffects from './chat.effects.ts'
import { chatActions, chatFeature } from './chat.feature.ts'

const bob = { id: 'bob', name: 'Bob' }
const post = (id: string): Post => ({ id, author: bob, body: `body of ${id}`, atMs: Number(id) })
const rooms = [
  { id: 'fire', name: 'Fire', about: '' },
  { id: 'garden', name: 'Garden', about: '' },
]

const setup = () => {
  TestBed.configureTestingModule({
    providers: [
      provideStore(
        {},
        { runtimeChecks: { strictActionSerializability: true, strictStateSerializability: true } },
      ),
      provideState(chatFeature),
      provideEffects(chatEffects),
      providePhoenixTesting(),
    ],
  })
  const server = TestBed.inject(PhoenixTestingController)
  server.expectJoin('lobby').reply({ rooms })
  server.expectJoin('room:fire').reply({ posts: [post('1')] })
  server.expectJoin('room:garden').reply({ posts: [] })
  TestBed.inject(Session).signIn('Ann')
  TestBed.tick()
  TestBed.tick()
  const store = TestBed.inject(Store)
  const shown = store.selectSignal(chatFeature.selectShownPosts)
  return {
    server,
    store,
    fire: server.topic<RoomContract>('room:fire'),
    shown: () => shown().map(({ id }) => id),
  }
}

describe('the effects of the chat', () => {
  beforeEach(() => {
    sessionStorage.clear()
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('join the rooms of the lobby, and show what was posted and what is', () => {
    const { fire, shown } = setup()
    fire.say('posted', post('2'))
    expect(shown()).toEqual(['1', '2'])
  })

  it('take in what was posted while the line was down, without showing anything twice', () => {
    const { fire, server, shown } = setup()
    fire.say('posted', post('2'))
    server.expectJoin('lobby').reply({ rooms })
    server.expectJoin('room:fire').reply({ posts: [post('1'), post('2'), post('3')] })
    server.drop()
    vi.advanceTimersByTime(10)
    expect(shown()).toEqual(['1', '2', '3'])
  })

  it('count what is posted in another room until it is read', () => {
    const { server, shown, store } = setup()
    const unread = () =>
      store
        .selectSignal(chatFeature.selectRoomList)()
        .map((room) => room.unread)
    server.topic<RoomContract>('room:garden').say('posted', post('2'))
    expect(unread()).toEqual([0, 1])
    store.dispatch(chatActions.roomSelected({ room: 'garden' }))
    expect([unread(), shown()]).toEqual([[0, 0], ['2']])
  })
})
