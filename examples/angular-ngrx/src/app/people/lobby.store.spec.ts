import { TestBed } from '@angular/core/testing'
import { provideStore, provideState, Store } from '@ngrx/store'
import { PhoenixTestingController, providePhoenixTesting } from 'rx-phoenix/angular'
import { type LobbyContract } from '../../../shared/contract.ts'
import { chatActions, chatFeature } from '../chat/chat.feature.ts'
import { Session } from '../session.ts'
import { LobbyStore } from './lobby.store.ts'

const rooms = [{ id: 'fire', name: 'Fire', about: '' }]

const setup = () => {
  TestBed.configureTestingModule({
    providers: [provideStore(), provideState(chatFeature), providePhoenixTesting()],
  })
  const server = TestBed.inject(PhoenixTestingController)
  server.expectJoin('lobby').reply({ rooms })
  const lobby = TestBed.inject(LobbyStore)
  TestBed.tick()
  return { server, lobby, topic: server.topic<LobbyContract>('lobby'), people: server.presence('lobby') }
}
const signIn = () => {
  TestBed.inject(Session).signIn('Ann')
  TestBed.tick()
}

describe('the store of the lobby', () => {
  beforeEach(() => {
    sessionStorage.clear()
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('joins with the sign-in, and has the rooms and the people', () => {
    const { lobby, people, server } = setup()
    expect([lobby.status(), server.connections]).toEqual(['idle', 0])
    signIn()
    people.join('2', { name: 'Bob', room: 'fire', typing: false })
    people.join('1', { name: 'Ann', room: '', typing: false })
    expect(lobby.status()).toBe('resolved')
    expect(lobby.rooms()).toEqual(rooms)
    expect(lobby.people().map(({ name, roomName }) => [name, roomName])).toEqual([
      ['Ann', undefined],
      ['Bob', 'Fire'],
    ])
  })

  it('tells where we are, and that we stopped typing', () => {
    const { lobby, topic } = setup()
    signIn()
    TestBed.inject(Store).dispatch(chatActions.roomSelected({ room: 'fire' }))
    TestBed.tick()
    topic.expectPush('at', { room: 'fire', typing: false }).reply()
    lobby.at({ room: 'fire', typing: true })
    topic.expectPush('at', { room: 'fire', typing: true }).refuse()
    vi.advanceTimersByTime(2_500)
    topic.expectPush('at', { room: 'fire', typing: false }).reply()
  })

  it('shows why nobody can come in', () => {
    const { server, lobby } = setup()
    signIn()
    server.topic('lobby').close()
    server.expectJoin('lobby').refuse({ reason: 'full' })
    lobby.rejoin()
    expect(lobby.error()?.message).toContain('full')
  })
})
