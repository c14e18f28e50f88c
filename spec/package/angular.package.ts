import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'
import { type Consumer, startConsumer } from './support/consumer.ts'

/** A store and a resource, tested as the guides do it; `ng new` would set up the TestBed. */
const test = `
import '@angular/compiler'
import {
  createPlatformFactory, ErrorHandler, NgModule, platformCore, provideZonelessChangeDetection, VERSION, ɵINJECTOR_SCOPE,
} from '@angular/core'
import { getTestBed, TestBed, TestComponentRenderer } from '@angular/core/testing'
import { patchState, signalStore, withState } from '@ngrx/signals'
import { channelResource, PhoenixTestingController, providePhoenixTesting } from 'rx-phoenix/angular'
import { actionsOf, withChannel, withConnection, withLiveState, withPresence } from 'rx-phoenix/ngrx'

const Environment = class {}
NgModule({
  providers: [
    ErrorHandler, TestComponentRenderer, { provide: ɵINJECTOR_SCOPE, useValue: 'root' }, provideZonelessChangeDetection(),
  ],
})(Environment)
getTestBed().initTestEnvironment(Environment, createPlatformFactory(platformCore, 'bare')())

const ChatStore = signalStore(
  { providedIn: 'root', protectedState: false },
  withState({ id: 'a', last: '' }),
  withConnection(),
  withChannel({ topic: ({ id }) => 'room:' + id(), events: { line: (_state, { text }) => ({ last: text }) } }),
  withPresence(),
  withLiveState({ dialect: 'live-state' }),
)
TestBed.configureTestingModule({ providers: [providePhoenixTesting()] })
const server = TestBed.inject(PhoenixTestingController)
const store = TestBed.inject(ChatStore)
TestBed.tick()
server.topic('room:a').say('line', { text: 'hello' })
server.presence('room:a').join('ann')
server.topic('room:a').say('state:change', { state: { n: 1 }, version: 0 })
const shown = () => [store.connection().status, store.status(), store.last(), store.presence().size, store.liveState()?.n]
const before = shown()
patchState(store, { id: 'b' })
TestBed.tick()
const after = [...shown(), server.topic('room:a').joined, server.topic('room:b').joined]
const actions = TestBed.runInInjectionContext(() =>
  channelResource({
    topic: 'room:c',
    stream: (room) => actionsOf(room, { line: ({ text }) => ({ type: 'line', text }) }),
    defaultValue: undefined,
  }),
)
server.topic('room:c').say('line', { text: 'third' })
const action = actions.value()
TestBed.resetTestingModule()
server.verify({ closed: true })
console.log(JSON.stringify({ version: VERSION.major, before, after, action }))
`

const options = {
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  module: 'preserve',
  moduleResolution: 'bundler',
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
}

describe.each([
  // The compilers that each of them comes with.
  ['21', '21.2.26', '21.1.1', '5.9.3'],
  ['22', '22.2.6', '22.0.1', '6.0.3'],
])('the packed package with Angular and NgRx %s', (major, angular, ngrx, typescript) => {
  let consumer: Consumer

  beforeAll(async () => {
    consumer = await startConsumer({
      ...Object.fromEntries(['common', 'compiler', 'core'].map((name) => [`@angular/${name}`, angular])),
      ...Object.fromEntries(
        ['effects', 'operators', 'signals', 'store'].map((name) => [`@ngrx/${name}`, ngrx]),
      ),
      typescript,
    })
  }, 300_000)
  afterAll(() => consumer.remove())

  it('has stores and resources that are tested without a server', async () => {
    await consumer.write('test.mjs', test)
    expect(JSON.parse(await consumer.node('test.mjs'))).toEqual({
      version: major,
      before: ['open', 'resolved', 'hello', 1, 1],
      after: ['open', 'resolved', 'hello', 0, null, false, true],
      action: { type: 'line', text: 'third' },
    })
  })

  it('compiles all programs of its guides', async () => {
    const files: string[] = []
    for (const guide of ['angular', 'ngrx'])
      for (const [, program = ''] of readFileSync(join(ROOT, `docs/${guide}.md`), 'utf8').matchAll(
        /```ts\n(.*?)```/gs,
      )) {
        files.push(`${guide}-${files.length}.ts`)
        await consumer.write(files.at(-1) ?? '', program)
      }
    expect(files.length).toBeGreaterThan(15)
    await consumer.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files }))
    expect(await consumer.node('node_modules/typescript/bin/tsc', '-p', '.')).toBe('')
  })
})
