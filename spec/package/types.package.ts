import { type Consumer, startConsumer } from './support/consumer.ts'

/** What somebody writes who imports from every entry that CommonJS has too. */
const everywhere = `
import { firstValueFrom, type Observable } from 'rxjs'
import { type Channel, type ConnectionState, phoenixSocket, presence, type PushError, toEither } from 'rx-phoenix'
import { type LiveState, liveState, optimistic } from 'rx-phoenix/live-state'
import { ok, phoenixServer } from 'rx-phoenix/server'
import { fakePhoenix, marbles } from 'rx-phoenix/testing'

interface Room {
  readonly join: { readonly params: { readonly name: string }; readonly reply: { readonly id: number } }
  readonly events: { readonly new_msg: { readonly body: string } }
  readonly pushes: { readonly new_msg: { readonly payload: { readonly body: string }; readonly reply: { readonly n: number } } }
}

const socket = phoenixSocket('ws://localhost/socket', { params: { token: 'ann' } })
const states$: Observable<ConnectionState> = socket
const room: Channel<Room> = socket.channel<Room>('room:lobby', { params: { name: 'ann' } })
const n: Promise<number> = firstValueFrom(room.push('new_msg', { body: 'hello' })).then((reply) => reply.n)
room.on('new_msg').subscribe(({ body }) => body.toUpperCase())
toEither(room.push('new_msg', { body: 'hello' })).subscribe((either) => {
  if (either._tag === 'Left') {
    const error: PushError = either.left
    error.message.toUpperCase()
  } else either.right.n.toFixed()
})
// @ts-expect-error: no such event
room.push('no_such_event', {})
// @ts-expect-error: payloads have types
room.push('new_msg', { body: 1 })

const todos: LiveState<{ readonly left: number }> = liveState(socket.channel('todos'), { dialect: 'seance' })
const left$: Observable<number> = todos.select('left')
const added$: Observable<never> = todos.dispatch('add').pipe(optimistic(todos, ({ left }) => ({ left: left + 1 })))

export { added$, fakePhoenix, left$, marbles, n, ok, phoenixServer, presence, states$ }
`

const angular = `
import { type EnvironmentProviders, type Provider } from '@angular/core'
import { type Observable } from 'rxjs'
import { injectChannel, injectPhoenixSocket, PHOENIX_SOCKET, providePhoenixSocket } from 'rx-phoenix/angular'

export const provided: Provider | EnvironmentProviders = providePhoenixSocket('/socket')
export const event$ = (): Observable<unknown> => injectChannel('room:lobby').on('new_msg')
export { injectPhoenixSocket, PHOENIX_SOCKET }
`

const ngrx = `
import { signalStore, type, withMethods, withState } from '@ngrx/signals'
import { withChannel } from 'rx-phoenix/ngrx'

interface Room {
  readonly events: { readonly new_msg: { readonly body: string } }
  readonly pushes: { readonly new_msg: { readonly payload: { readonly body: string }; readonly reply: unknown } }
}
export const Chat = signalStore(
  withState({ last: '' }),
  withChannel({
    topic: 'room:lobby',
    contract: type<Room>(),
    events: { new_msg: (_state, { body }) => ({ last: body }) },
  }),
  withMethods(({ push }) => ({ say: (body: string) => push('new_msg', { body }) })),
)
`

const strict = {
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  // What the package says is checked, not believed.
  skipLibCheck: false,
  noEmit: true,
}
const node16 = { ...strict, module: 'node16', moduleResolution: 'node16' }
const bundler = { ...strict, module: 'esnext', moduleResolution: 'bundler' }

describe('the types of the packed package', () => {
  let consumer: Consumer

  beforeAll(async () => {
    consumer = await startConsumer({
      '@angular/core': '21.2.26',
      '@ngrx/signals': '21.1.1',
      '@types/node': '20.19.43',
      oldest: 'npm:typescript@5.4.5',
      newest: 'npm:typescript@6.0.3',
    })
    for (const file of ['module.mts', 'common.cts', 'bundled.ts']) await consumer.write(file, everywhere)
    for (const file of ['angular.mts', 'angular-bundled.ts']) await consumer.write(file, angular)
    await consumer.write('ngrx-bundled.ts', ngrx)
  })
  afterAll(() => consumer.remove())

  it.each([
    ['5.4', 'node16', 'oldest', node16, ['module.mts', 'common.cts']],
    ['5.4', 'bundler', 'oldest', bundler, ['bundled.ts']],
    // The types of Angular 21 themselves are in a newer language than that of 5.4.
    ['6.0', 'node16', 'newest', node16, ['module.mts', 'common.cts', 'angular.mts']],
    // NgRx is typed for bundlers alone: to node16 its declarations are CommonJS.
    ['6.0', 'bundler', 'newest', bundler, ['bundled.ts', 'angular-bundled.ts', 'ngrx-bundled.ts']],
  ])(
    'compile with TypeScript %s and moduleResolution %s',
    async (_version, kind, compiler, options, files) => {
      const project = `tsconfig.${compiler}.${kind}.json`
      await consumer.write(project, JSON.stringify({ compilerOptions: options, files }))
      expect(await consumer.node(`node_modules/${compiler}/bin/tsc`, '-p', project)).toBe('')
    },
  )
})
