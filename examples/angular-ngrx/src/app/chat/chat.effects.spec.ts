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
const rooms = [{ id: 'fire', name: 'Fire', about: '' }]
const shownAs = { author: bob, body: 'mine', atMs: 9 }

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
  TestBed.inject(Session).signIn('Ann')
  TestBed.tick()
  TestBed.tick()
  const store = TestBed.inject(Store)
  const shown = store.selectSignal(chatFeature.selectShownPosts)
  return {
    server,
    store,
    fire: server.topic<RoomContract>('room:fire'),
    deliveries: () => shown().map(({ id, delivery }) => [id, delivery]),
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
    const { deliveries, fire } = setup()
    fire.say('posted', post('2'))
    expect(deliveries()).toEqual([
      ['1', 'sent'],
      ['2', 'sent'],
    ])
  })

  it('deliver a post, outlive a refusal, and send again what was lost on its way', () => {
    const { deliveries, fire, server, store } = setup()
    const write = (id: string) => {
      store.dispatch(chatActions.written({ room: 'fire', post: { id, ...shownAs } }))
    }
    write('a')
    fire.expectPush('post', { id: 'a', body: 'mine' }).refuse({ reason: 'too soon' })
    write('b')
    fire.expectPush('post', { id: 'b', body: 'mine' })
    server.expectJoin('lobby').reply({ rooms })
    server.expectJoin('room:fire').reply({ posts: [post('1')] })
    server.drop()
    expect(deliveries().slice(1)).toEqual([
      ['a', 'failed'],
      ['b', 'retrying'],
    ])
    vi.advanceTimersByTime(10)
    fire.expectPush('post', { id: 'b', body: 'mine' }).reply({ id: 'b', ...shownAs })
    expect(deliveries()).toContainEqual(['b', 'sent'])
  })
})
