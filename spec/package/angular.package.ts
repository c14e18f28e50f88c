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

/** A page that both sides of server-side rendering show. */
const page = `
import '@angular/compiler'
import { Component, provideZonelessChangeDetection } from '@angular/core'
import { bootstrapApplication, provideClientHydration } from '@angular/platform-browser'
import { channelResource, injectConnection, presenceResource, pushSignal } from 'rx-phoenix/angular'
import { scan } from 'rxjs'

export class App {
  connection = injectConnection()
  people = presenceResource({ topic: 'room:lobby' })
  lines = channelResource({
    topic: () => 'room:lobby',
    stream: (room) => room.on('line').pipe(scan((all, line) => [...all, line.text], [])),
    defaultValue: [],
  })
  post = pushSignal(this.lines.channel, 'line')
}
Component({
  selector: 'app-root',
  template: \`
    <h1>Lobby</h1>
    <p>{{ connection().status }}, {{ lines.status() }}, {{ people.value().size }} here, {{ post().status }}</p>
    <ul>@for (line of lines.value(); track $index) { <li>{{ line }}</li> } @empty { <li>nothing yet</li> }</ul>\`,
})(App)
export const start = (providers, context) =>
  bootstrapApplication(App, { providers: [provideZonelessChangeDetection(), provideClientHydration(), providers] }, context)
`

/** Renders the page again and again. A socket that is asked for all the same is provided by hand. */
const render = `
import { start } from './page.mjs'
import { provideEnvironmentInitializer, inject } from '@angular/core'
import { renderApplication, provideServerRendering } from '@angular/platform-server'
import { PHOENIX_SOCKET, providePhoenixSocket } from 'rx-phoenix/angular'
import { webSocketTransport, phoenixSocket } from 'rx-phoenix'

console.log = () => undefined // Angular's own, in development
let [dialled, asked] = [0, 0]
const sockets = []
const transport = (target) => {
  dialled += 1
  return webSocketTransport()(target)
}
const url = () => {
  asked += 1
  return '/socket'
}
const renderOnce = (provider) =>
  renderApplication(
    (context) =>
      start(
        [
          provideServerRendering(),
          provider,
          provideEnvironmentInitializer(() => sockets.push(new WeakRef(inject(PHOENIX_SOCKET)))),
        ],
        context,
      ),
    { document: '<html><head></head><body><app-root></app-root></body></html>', url: 'http://localhost/', allowedHosts: ['localhost'] },
  )
let html = ''
for (let n = 0; n < 20; n += 1)
  html = await renderOnce(providePhoenixSocket(url, { transport, params: url, authToken: url, heartbeatIntervalMs: 1_000 }))
const before = [dialled, asked]
for (let n = 0; n < 10; n += 1) {
  await new Promise((done) => setTimeout(done))
  globalThis.gc()
}
const kept = sockets.filter((socket) => socket.deref()).length

let connected = 0
await renderOnce({
  provide: PHOENIX_SOCKET,
  useFactory: () => phoenixSocket('ws://localhost:9', { transport: () => { connected += 1; return transport({ url: 'ws://localhost:9', params: {} }) } }),
})
process.stdout.write(JSON.stringify({ html, before, kept, connected: connected > 0 }))
`

/** Takes over what the server has rendered, in a page without a browser. */
const hydrate = `
import { JSDOM } from 'jsdom'
import { readFileSync } from 'node:fs'

const { html } = JSON.parse(readFileSync('rendered.json', 'utf8'))
const { window } = new JSDOM(html, { url: 'http://localhost/', pretendToBeVisual: true })
const warnings = []
console.warn = console.error = (...all) => warnings.push(all.join(' '))
console.log = () => undefined
Object.assign(globalThis, { window, document: window.document, Node: window.Node, NodeFilter: window.NodeFilter, location: window.location, Event: window.Event })
const { start } = await import('./page.mjs')
const { PhoenixTestingController, providePhoenixTesting } = await import('rx-phoenix/angular')

const [title, line, list] = ['h1', 'p', 'ul'].map((name) => document.querySelector(name))
const before = line.textContent
const { injector, tick, whenStable } = await start([providePhoenixTesting()]).then((app) => ({
  injector: app.injector, tick: () => app.tick(), whenStable: () => app.whenStable(),
}))
await whenStable()
const server = injector.get(PhoenixTestingController)
const after = line.textContent
server.presence('room:lobby').join('ann')
server.topic('room:lobby').say('line', { text: 'hello' })
tick()
const same = [['h1', title], ['p', line], ['ul', list]].every(([name, node]) => document.querySelector(name) === node)
process.stdout.write(JSON.stringify({ before, after, shown: line.textContent, list: list.textContent, same, warnings }))
window.close()
`

describe.each([
  ['21', '21.2.24', '21.1.1'],
  ['22', '22.2.0', '22.0.1'],
])('the packed package with Angular and NgRx %s', (major, angular, ngrx) => {
  let consumer: Consumer

  beforeAll(async () => {
    consumer = await startConsumer({
      ...Object.fromEntries(
        ['common', 'compiler', 'core', 'platform-browser', 'platform-server'].map((name) => [
          `@angular/${name}`,
          angular,
        ]),
      ),
      ...Object.fromEntries(
        ['effects', 'operators', 'signals', 'store'].map((name) => [`@ngrx/${name}`, ngrx]),
      ),
      jsdom: '26.1.0',
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

  it('renders on a server without a connection, keeps nothing of it, and takes over in the page', async () => {
    await consumer.write('page.mjs', page)
    await consumer.write('render.mjs', render)
    await consumer.write('hydrate.mjs', hydrate)
    const rendered = await consumer.node('--expose-gc', 'render.mjs')
    const { html, ...facts } = JSON.parse(rendered) as { html: string }
    expect(html).toContain('<p>paused, loading, 0 here, idle</p>')
    expect(html).toContain('<li>nothing yet</li>')
    expect(facts).toEqual({ before: [0, 0], kept: 0, connected: true })

    await consumer.write('rendered.json', rendered)
    expect(JSON.parse(await consumer.node('hydrate.mjs'))).toEqual({
      before: 'paused, loading, 0 here, idle',
      after: 'open, resolved, 0 here, idle',
      shown: 'open, resolved, 1 here, idle',
      list: 'hello',
      same: true,
      warnings: [],
    })
  })
})
