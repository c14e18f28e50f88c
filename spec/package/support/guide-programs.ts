import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../support/run-script.ts'

/** The programs of the guides for Angular, by the name of a file for each. */
export const guidePrograms: ReadonlyMap<string, string> = new Map(
  ['angular', 'angular-errors', 'ngrx', 'angular-from-phoenix-js'].flatMap((guide) =>
    [...readFileSync(join(ROOT, `docs/${guide}.md`), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
      ([, program = ''], i) => [`${guide}-${i + 1}`, program] as const,
    ),
  ),
)

const named = (part: string, guide: string): string => {
  const [name] =
    [...guidePrograms].find(([file, program]) => file.startsWith(`${guide}-`) && program.includes(part)) ?? []
  if (name === undefined) throw new Error(`no program of docs/${guide}.md has ${part}`)
  return JSON.stringify(`./${name}`)
}

/** What a program prints, as the comments behind its calls say it. */
const printed = (program: string): readonly string[] =>
  [...program.matchAll(/console\.log\(.*\).*? \/\/ (.*)$/gm)].map(([, line = '']) => line)

/** Runs the main programs of the guides: a test of an application of Angular. */
export const guideSpec = (): string => `
import { Injector, runInInjectionContext } from '@angular/core'
import { TestBed } from '@angular/core/testing'
import { provideHttpClient } from '@angular/common/http'
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing'
import { Actions, provideEffects } from '@ngrx/effects'
import { provideState, provideStore, Store } from '@ngrx/store'
import { PhoenixTestingController, providePhoenixTesting } from 'rx-phoenix/angular'

const start = (...providers: any[]) => {
  TestBed.configureTestingModule({ providers: [providePhoenixTesting(), ...providers] })
  return TestBed.inject(PhoenixTestingController)
}

describe('a test of the guides', () => {
  const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  const bare = (line: string): string => line.replace(/["'\\s]/g, '')
${[...guidePrograms]
  .filter(([, program]) => /^TestBed\.configure/m.test(program))
  .map(
    ([name, program]) => `
  it('prints what it says: ${name}', async () => {
    const lines: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((...values) => { lines.push(values.map(plain).join(' ')) })
    await import('./${name}').finally(() => { log.mockRestore() })
    expect(lines.map(bare)).toEqual(${JSON.stringify(printed(program))}.map(bare))
    expect(lines.length).toBeGreaterThan(1)
  })`,
  )
  .join('\n')}
})

describe('a chat of the guides', () => {
  it.each<[string, () => Promise<any>, string]>([
    ['in a component', () => import(${named('export class Chat ', 'angular')}), 'Not sent'],
    ['in a SignalStore', () => import(${named('export class Chat ', 'ngrx')}), 'muted'],
    ['in a service that used phoenix.js', () => import(${named('export class Chat ', 'angular-from-phoenix-js')}), 'Not sent'],
  ])('%s', async (_name, load, problem) => {
    const { Chat } = await load()
    const server = start()
    const lobby = server.topic('room:lobby')
    const page = TestBed.createComponent<object>(Chat)
    const text = (): string => {
      page.detectChanges()
      return page.nativeElement.textContent
    }
    expect(text()).toContain('open, 0 here')
    server.presence('room:lobby').join('ann')
    lobby.say('new_msg', { id: 1, body: 'hello' })
    expect(text()).toContain('open, 1 here')
    expect(text()).toContain('hello')
    page.nativeElement.querySelector('input').value = 'hi'
    page.nativeElement.querySelector('button').click()
    lobby.expectPush('new_msg', { body: 'hi' }).refuse({ reason: 'muted' })
    expect(text()).toContain(problem)
    server.drop()
    expect(text()).toContain('waiting, 1 here')
    page.destroy()
  })

  it('in streams and toSignal', async () => {
    const { LobbyPage } = await import(${named('class LobbyPage', 'angular')})
    const server = start()
    const page = TestBed.createComponent(LobbyPage)
    page.detectChanges()
    server.presence('room:lobby').join('ann')
    server.topic('room:lobby').say('new_msg', { body: 'hello there' })
    page.nativeElement.querySelector('button').click()
    server.topic('room:lobby').expectPush('new_msg', { body: 'hello' }).refuse({ reason: 'muted' })
    page.detectChanges()
    expect(page.nativeElement.textContent).toMatch(/open, 1 here.*hello there.*muted/s)
  })

  it('in a store and effects', async () => {
    const { chatActions, chatFeature, lobby$, send$ } = await import(${named('export const send$', 'ngrx')})
    const server = start(provideStore(), provideState(chatFeature), provideEffects({ lobby$, send$ }))
    const store = TestBed.inject(Store)
    const lobby = server.topic('room:lobby')
    const messages = () => store.selectSignal(chatFeature.selectMessages)()
    const problem = () => store.selectSignal(chatFeature.selectProblem)()
    server.expectJoin('room:lobby').refuse({ reason: 'full' })
    store.dispatch(chatActions.opened())
    expect(problem()).toContain('full')
    store.dispatch(chatActions.joinAgain())
    lobby.say('new_msg', { id: '1', body: 'hello' })
    expect([messages(), problem()]).toEqual([[{ id: '1', body: 'hello' }], ''])
    store.dispatch(chatActions.written({ body: 'a' }))
    lobby.expectPush('new_msg', { body: 'a' }).refuse({ reason: 'muted' })
    expect(problem()).toContain('muted')
    store.dispatch(chatActions.written({ body: 'b' }))
    lobby.expectPush('new_msg', { body: 'b' }).reply({ id: '2' })
    expect(problem()).toBe('')
  })
})

describe('the guide of errors', () => {
  it('has a component that says what went wrong', async () => {
    const { ChatWithErrors } = await import(${named('class ChatWithErrors', 'angular-errors')})
    const server = start()
    const lobby = server.topic('room:lobby')
    server.expectJoin('room:lobby').refuse({ reason: 'full' })
    const page = TestBed.createComponent<object>(ChatWithErrors)
    const text = (): string => {
      page.detectChanges()
      return page.nativeElement.textContent
    }
    expect(text()).toContain('You may not enter this room.')
    page.nativeElement.querySelector('[role=alert] button').click()
    expect(text()).not.toContain('You may not enter')
    page.nativeElement.querySelector('.send').click()
    lobby.expectPush('new_msg').refuse({ reason: 'muted' })
    expect(text()).toContain('muted')
    page.nativeElement.querySelector('.send').click()
    lobby.expectPush('new_msg')
    server.drop()
    expect(text()).toMatch(/Offline.*Nobody knows whether it arrived/s)
    page.destroy()
  })

  it('has a store and an effect that go on after errors', async () => {
    const { SavingStore } = await import(${named('SavingStore', 'angular-errors')})
    const { orderActions, place$ } = await import(${named('place$', 'angular-errors')})
    const server = start(SavingStore, provideStore(), provideEffects({ place$ }))
    const saving = TestBed.inject(SavingStore) as any
    const [document, orders] = [server.topic('document:7'), server.topic('orders')]
    saving.save('a')
    document.expectPush('save').refuse()
    expect(saving.problem()).toBe('Somebody else has changed it.')
    saving.save('b')
    document.expectPush('save', { text: 'b' }).reply()
    expect(saving.problem()).toBe('')

    const seen: any[] = []
    TestBed.inject(Actions).subscribe((action) => seen.push(action))
    const place = (id: string) => TestBed.inject(Store).dispatch(orderActions.placed({ id, item: 7 }))
    place('1')
    orders.expectPush('order').refuse({ reason: 'sold out' })
    expect(seen.at(-1)).toMatchObject({ id: '1', error: { _tag: 'PushRefused', response: { reason: 'sold out' } } })
    place('2')
    orders.expectPush('order')
    server.drop()
    await vi.waitFor(() => orders.expectPush('order', { id: '2', item: 7 }).reply({ number: 'n' }))
    expect(seen.at(-1)).toMatchObject({ id: '2', number: 'n' })
  })
})

describe('other programs of the guides', () => {
  it('a store that is rendered on the server with what it loads over HTTP', async () => {
    const { NewsStore } = await import(${named('NewsStore', 'ngrx')})
    const server = start(provideHttpClient(), provideHttpClientTesting())
    const join = server.expectJoin('news')
    const store = TestBed.inject(NewsStore) as any
    const load = (id: string) =>
      TestBed.inject(HttpTestingController).expectOne('/api/messages').flush([{ id, body: '' }])
    load('over HTTP')
    expect(store.messages()).toEqual([{ id: 'over HTTP', body: '' }])
    join.reply({ history: [] })
    expect(store.messages()).toEqual([])
    server.topic('news').say('new_msg', { id: '2', body: '' })
    expect(store.messages()).toHaveLength(1)
  })


  it('a service that keeps its Observables', async () => {
    const { ChatService } = await import(${named('readonly online$ = toObservable', 'angular-from-phoenix-js')})
    const server = start()
    const chat = TestBed.inject(ChatService)
    const seen: any[] = []
    for (const name of ['online$', 'people$', 'messages$', 'problem$'] as const)
      (chat[name] as any).subscribe((value: unknown) => seen.push(JSON.stringify(value)))
    TestBed.tick()
    server.presence('room:lobby').join('Ann')
    server.topic('room:lobby').say('new_msg', { id: 1, body: 'hello' })
    TestBed.tick()
    expect(seen).toEqual(['true', '[]', '[]', '""', '["Ann"]', '[{"id":1,"body":"hello"}]'])
    const posted = chat.post('hi')
    server.topic('room:lobby').expectPush('new_msg').reply({ id: 2 })
    expect(await posted).toEqual({ id: 2 })
  })

  it('a live state, in a component and in a store', async () => {
    const { CounterPage } = await import(${named('class CounterPage', 'angular')})
    const { TodoStore } = await import(${named('TodoStore', 'ngrx')})
    const server = start()
    const page = TestBed.createComponent(CounterPage)
    server.topic('counter').say('state:change', { state: { count: 3 }, version: 0 })
    page.componentInstance.add()
    expect(page.componentInstance.counter.value()).toEqual({ count: 4 })
    expect(server.topic('counter').expectSend('lvs_evt:add')).toEqual({ by: 1 })

    const store = TestBed.inject(TodoStore)
    const todo = { id: '1', text: 'join', done: false }
    server.topic('todos').say('state:change', { state: { todos: [todo] }, version: 0 })
    expect(store.open()).toEqual([todo])
    store.toggle('1')
    expect([store.open(), server.topic('todos').expectSend('lvs_evt:toggle')]).toEqual([[], { id: '1' }])
  })

  it('a room that changes, and events of @ngrx/signals/events', async () => {
    const { RoomStore } = await import(${named('RoomStore', 'ngrx')})
    const { FeedStore } = await import(${named('FeedStore', 'ngrx')})
    const server = start(RoomStore, FeedStore)
    const room = TestBed.inject(RoomStore)
    server.expectJoin('room:a').reply({ history: ['first'] })
    room.enter('a')
    TestBed.tick()
    server.topic('room:a').say('line', { text: 'second' })
    expect(room.lines()).toEqual(['first', 'second'])
    room.enter(undefined)
    TestBed.tick()
    expect([room.lines(), room.status(), server.topic('room:a').joined]).toEqual([[], 'idle', false])

    const feed = TestBed.inject(FeedStore)
    server.topic('feed:quakes').say('quake', { place: 'Quito' })
    expect(feed.places()).toEqual(['Quito'])
  })

  it('sign-in and sign-out, in a component and in a store', async () => {
    const { Inbox, Session } = await import(${named('class Inbox', 'angular')})
    const { inbox$ } = await import(${named('export const inbox$', 'ngrx')})
    const server = start()
    const page = TestBed.createComponent(Inbox)
    page.detectChanges()
    expect(server.topic('inbox').joined).toBe(false)
    TestBed.inject(Session).token.set('t')
    page.detectChanges()
    server.topic('inbox').say('mail', { subject: 'hello' })
    page.detectChanges()
    expect(page.nativeElement.textContent).toContain('1 new')
    page.componentInstance.signOut()
    page.detectChanges()
    expect(server.topic('inbox').joined).toBe(false)
    expect(typeof inbox$).toBe('function')
  })
})
`
