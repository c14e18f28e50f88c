import { createEnvironmentInjector, type EnvironmentInjector, type Injector, type Type } from '@angular/core'
import { provideState, provideStore, Store } from '@ngrx/store'
import { type SocketOptions, stopAfter } from 'rx-phoenix'
import { PhoenixTestingController, providePhoenixTesting } from 'rx-phoenix/angular'
import { MemoryLevel } from 'memory-level'
import { NEVER, of } from 'rxjs'
import { type Post } from '../../shared/contract.ts'
import { chatActions, chatFeature } from '../app/chat/chat.feature.ts'
import { Composer } from '../app/chat/composer.ts'
import { Messages } from '../app/chat/messages.ts'
import { DATABASE, OutgoingStore } from '../app/chat/outgoing.store.ts'
import { RoomList } from '../app/chat/room-list.ts'
import { ConnectionBar } from '../app/connection/connection-bar.ts'
import { LobbyStore } from '../app/people/lobby.store.ts'
import { PeopleList } from '../app/people/people-list.ts'
import { Session } from '../app/session.ts'
import { TodoListView } from '../app/todos/todo-list.ts'
import { TodoStore } from '../app/todos/todo.store.ts'

/** A part of the application in one of its states, with stores and a server of its own. */
export interface Scene {
  readonly name: string
  readonly part: Type<unknown>
  readonly options?: SocketOptions
  /** Brings it into that state. */
  readonly act?: (server: PhoenixTestingController, injector: Injector) => void
}

const A_LONG_WAIT_MS = 600_000
const bob = { id: 'bob', name: 'Bob' }
const rooms = [
  { id: 'hearth', name: 'Hearth', about: 'By the fire' },
  { id: 'garden', name: 'Garden', about: 'Out there' },
]
const post = (id: string, body: string, author = { id: 'ann', name: 'Ann' }): Post => ({
  id,
  author,
  body,
  atMs: Date.UTC(2026, 0, 1, 12),
})

/** Something is written in a room. */
const written = (injector: Injector, body: string): void => {
  inRoom(injector, post('1', 'Said before'))
  injector.get(OutgoingStore).write({ room: 'hearth', body })
}
/** Does it when the database is ready for it. */
const soon = (act: () => void): void => {
  try {
    act()
  } catch {
    setTimeout(() => soon(act), 10)
  }
}
/** Somebody is here, in a room. */
const person = (server: PhoenixTestingController, { id, name } = bob, typing = false): void => {
  server.presence('lobby').join(id, { name, room: 'hearth', typing })
}
const inRoom = (injector: Injector, ...posts: readonly Post[]): Store => {
  const store = injector.get(Store)
  store.dispatch(chatActions.roomsListed({ rooms }))
  store.dispatch(chatActions.historyReceived({ room: 'hearth', posts }))
  return store
}
const todos = (server: PhoenixTestingController, ...texts: readonly string[]): void => {
  const state = { todos: texts.map((text, id) => ({ id: String(id), text, done: id === 1, by: 'Bob' })) }
  server.topic('todos').say('state:change', { state, version: 0 })
}

export const scenes: readonly Scene[] = [
  { name: 'Connecting', part: ConnectionBar, options: { transport: () => NEVER } },
  { name: 'Connected', part: ConnectionBar },
  { name: 'Offline, until the next try', part: ConnectionBar, act: (server) => server.drop() },
  { name: 'Paused', part: ConnectionBar, options: { pause: of(true) } },
  {
    name: 'Refused by the server',
    part: ConnectionBar,
    options: { reconnect: stopAfter(0)(() => 1) },
    act: (server) => {
      server.refuseConnections(403)
      server.drop()
    },
  },
  {
    name: 'Rooms, one with news',
    part: RoomList,
    act: (_server, injector) => {
      inRoom(injector).dispatch(
        chatActions.posted({ room: 'garden', post: post('1', 'Hi', bob), own: false }),
      )
    },
  },
  { name: 'Nobody is here yet', part: PeopleList },
  {
    name: 'People, one of them types',
    part: PeopleList,
    act: (server) => {
      person(server)
      person(server, { id: 'eve', name: 'Eve' }, true)
    },
  },
  { name: 'Nothing said yet', part: Messages, act: (_server, injector) => void inRoom(injector) },
  {
    name: 'Said, and somebody types',
    part: Messages,
    act: (server, injector) => {
      inRoom(injector, post('1', 'Is this thing on?'), post('2', 'It is', bob))
      person(server, bob, true)
    },
  },
  { name: 'Sending', part: Messages, act: (_server, injector) => written(injector, 'On its way') },
  {
    name: 'Written offline',
    part: Messages,
    act: (server, injector) => {
      server.drop()
      written(injector, 'Kept for later')
    },
  },
  {
    name: 'Sending again',
    part: Messages,
    options: { reconnect: () => 1 },
    act: (server, injector) => {
      written(injector, 'Lost on its way')
      soon(() => {
        server.topic('posts').expectPush('post')
        server.drop()
      })
    },
  },
  {
    name: 'Not sent',
    part: Messages,
    act: (server, injector) => {
      written(injector, 'Said before')
      soon(() => server.topic('posts').expectPush('post').refuse({ reason: 'you have just said that' }))
    },
  },
  { name: 'No room to write in', part: Composer },
  { name: 'Ready to write', part: Composer, act: (_server, injector) => void inRoom(injector) },
  { name: 'The list is on its way', part: TodoListView },
  { name: 'Nothing to do', part: TodoListView, act: (server) => todos(server) },
  { name: 'Something to do', part: TodoListView, act: (server) => todos(server, 'Join', 'Push') },
  {
    name: 'A change that is not saved yet',
    part: TodoListView,
    act: (server, injector) => {
      todos(server, 'Join', 'Push')
      injector.get(TodoStore).add('Leave')
    },
  },
  {
    name: 'The list when the connection was lost',
    part: TodoListView,
    act: (server) => {
      todos(server, 'Join', 'Push')
      server.drop()
    },
  },
  {
    name: 'The server has no list',
    part: TodoListView,
    act: (server) => {
      server.topic('todos').say('error', { reason: 'the database is away' })
    },
  },
]

/** The application of a scene, as far as it goes. */
export const stage = ({ options }: Scene, parent: EnvironmentInjector): EnvironmentInjector => {
  sessionStorage.clear() // another person in each scene, with posts of their own
  const injector = createEnvironmentInjector(
    [
      providePhoenixTesting({ reconnect: () => A_LONG_WAIT_MS, pushTimeoutMs: A_LONG_WAIT_MS, ...options }),
      provideStore(),
      provideState(chatFeature),
      Session,
      LobbyStore,
      OutgoingStore,
      TodoStore,
      { provide: DATABASE, useFactory: () => new MemoryLevel() },
    ],
    parent,
  )
  injector.get(PhoenixTestingController).expectJoin('lobby').reply({ rooms })
  injector.get(Session).signIn('Ann')
  return injector
}
