import { createEnvironmentInjector, DestroyRef, EnvironmentInjector, type Type } from '@angular/core'
import { TestBed } from '@angular/core/testing'
import { VirtualTimeScheduler } from 'rxjs'
import { PhoenixTestingController, providePhoenixTesting } from '../../lib/angular/index.ts'
import { type SocketOptions } from '../../lib/index.ts'
import { type TestTopic } from '../../lib/testing/index.ts'

export interface Message {
  readonly id: string
  readonly body: string
}
export interface Room {
  join: { params: { as: string }; reply: { members: number } }
  events: { new_msg: Message; cleared: unknown }
  pushes: { new_msg: { payload: { body: string }; reply: { id: string } } }
}
export interface Topics {
  'room:*': Room
}

/** A server of the test, and a page that provides a store. */
export interface Setup {
  readonly server: PhoenixTestingController
  readonly topic: TestTopic<Room>
  readonly page: EnvironmentInjector
  /** The store, provided by the page: it ends with it. */
  readonly open: <S>(store: Type<S>) => S
  readonly pass: (ms: number) => void
}

export const setup = (options: SocketOptions = {}): Setup => {
  const scheduler = new VirtualTimeScheduler()
  scheduler.maxFrames = 0
  TestBed.configureTestingModule({ providers: [providePhoenixTesting({ scheduler, ...options })] })
  const server = TestBed.inject(PhoenixTestingController)
  const page = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector))
  return {
    server,
    topic: server.topic<Room>('room:a'),
    page,
    open: (store) => {
      const provided = createEnvironmentInjector([store], page)
      page.get(DestroyRef).onDestroy(() => {
        provided.destroy()
      })
      return provided.get(store)
    },
    pass: (ms) => {
      scheduler.maxFrames += ms
      scheduler.flush()
    },
  }
}
