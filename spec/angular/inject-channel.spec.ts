import {
  createEnvironmentInjector,
  EnvironmentInjector,
  InjectionToken,
  runInInjectionContext,
  signal,
} from '@angular/core'
import { toObservable, toSignal } from '@angular/core/rxjs-interop'
import { TestBed } from '@angular/core/testing'
import { map, merge, type Observable, Subject, switchMap, VirtualTimeScheduler } from 'rxjs'
import { injectChannel, providePhoenixSocket } from '../../lib/angular/index.ts'
import { type Message, type PhoenixSocket, presence } from '../../lib/index.ts'
import { liveState } from '../../lib/live-state/index.ts'
import { answerOk, broadcast, fakePhoenix, okTo, openLink, pushed } from '../../lib/testing/index.ts'
import { useTestBed } from './test-bed.ts'

useTestBed()

const setup = (answer?: (message: Message) => ReturnType<typeof answerOk>) => {
  const scheduler = new VirtualTimeScheduler(undefined, 100_000)
  const said$ = new Subject<Message>()
  const server = fakePhoenix({ link: () => merge(openLink, said$), ...(answer && { answer }) })
  const sent: string[] = []
  server.sent$.subscribe(({ topic, event }) => sent.push(`${topic} ${event}`))
  TestBed.configureTestingModule({
    providers: [providePhoenixSocket('ws://host/socket', { scheduler, transport: server.transport })],
  })
  const page = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector))
  return {
    scheduler,
    said$,
    sent,
    page,
    here: <A>(run: () => A): A => runInInjectionContext(page, run),
    server,
  }
}

/** What a stream did. */
const watch = (source$: Observable<unknown>): readonly unknown[] => {
  const seen: unknown[] = []
  source$.subscribe({
    next: (value) => seen.push(value),
    error: (cause) => seen.push(cause),
    complete: () => seen.push('complete'),
  })
  return seen
}

describe('injectChannel', () => {
  it('joins nothing until somebody subscribes', () => {
    const { here, sent } = setup()
    const lobby = here(() => injectChannel('room:lobby'))
    expect([lobby.topic, lobby.state.status, sent]).toEqual(['room:lobby', 'idle', []])
    lobby.subscribe()
    expect([lobby.state.status, sent]).toEqual(['joined', ['room:lobby phx_join']])
  })

  it('completes all its streams when what injected it is destroyed, and leaves', () => {
    const { here, page, said$, scheduler, sent } = setup()
    const lobby = here(() => injectChannel('room:lobby'))
    const states = watch(lobby.pipe(map(({ status }) => status)))
    const payloads = watch(lobby.on('new_msg'))
    const decoded = watch(lobby.on('new_msg', (payload) => ({ _tag: 'Right', right: String(payload) })))
    const messages = watch(lobby.messages$.pipe(map(({ event }) => event)))
    said$.next(broadcast('room:lobby', 'new_msg', 'hello'))

    page.destroy()
    said$.next(broadcast('room:lobby', 'new_msg', 'too late'))
    expect(states).toEqual(['waiting', 'joining', 'joined', 'complete'])
    expect(payloads).toEqual(['hello', 'complete'])
    expect(decoded).toEqual(['hello', 'complete'])
    expect(messages).toEqual(['new_msg', 'complete'])
    expect(sent).toEqual(['room:lobby phx_join'])
    scheduler.flush()
    expect(sent).toEqual(['room:lobby phx_join', 'room:lobby phx_leave'])
  })

  it('completes at once what is subscribed after that', () => {
    const { here, page, sent } = setup()
    const lobby = here(() => injectChannel('room:lobby'))
    page.destroy()
    expect(watch(lobby.on('new_msg'))).toEqual(['complete'])
    expect(sent).toEqual([])
  })

  it('ends presence and live state of it too', () => {
    const { here, page, said$ } = setup()
    const lobby = here(() => injectChannel('room:lobby'))
    const keys = watch(presence(lobby).list((key) => key))
    const counts = watch(liveState<{ count: number }>(lobby, { dialect: 'live-state' }).select('count'))
    said$.next(pushed('room:lobby', '1', 'presence_state', { ann: { metas: [{ phx_ref: 'a' }] } }))
    said$.next(pushed('room:lobby', '1', 'state:change', { state: { count: 1 }, version: 0 }))
    page.destroy()
    expect(keys).toEqual([['ann'], 'complete'])
    expect(counts).toEqual([1, 'complete'])
  })

  it('does not cut off a push that is under way', () => {
    const reply$ = new Subject<Message>()
    const { here, page, sent } = setup((message) => (message.event === 'save' ? reply$ : answerOk(message)))
    const lobby = here(() => injectChannel('room:lobby'))
    const replies = watch(lobby.push('save', { text: 'all' }))
    const handed = watch(lobby.send('seen'))
    page.destroy()
    expect(sent).toEqual(['room:lobby phx_join', 'room:lobby save', 'room:lobby seen'])
    expect(handed).toEqual(['complete'])
    reply$.next(okTo({ topic: 'room:lobby', event: 'save', payload: {}, ref: '2', joinRef: '1' }, { id: 7 }))
    expect(replies).toEqual([{ id: 7 }, 'complete'])
  })

  it('neither leaves nor closes when the next page holds the same topic', () => {
    const { here, page, scheduler, sent } = setup()
    const old = here(() => injectChannel('room:lobby'))
    old.subscribe()
    const nextPage = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector))
    page.destroy()
    const found: unknown[] = []
    scheduler.schedule(() => {
      runInInjectionContext(nextPage, () => injectChannel('room:lobby')).subscribe((state) =>
        found.push(state),
      )
    }, 500)
    scheduler.flush()
    expect(found).toEqual([expect.objectContaining({ status: 'joined', rejoined: false })])
    expect(sent.filter((event) => !event.endsWith('heartbeat'))).toEqual(['room:lobby phx_join'])
  })

  it('passes options, and takes another socket', () => {
    const { here, server } = setup()
    const joins: unknown[] = []
    server.sent$.subscribe(({ payload }) => joins.push(payload))
    here(() => injectChannel('room:lobby', { params: { as: 'ann' } })).subscribe()
    expect(joins).toEqual([{ as: 'ann' }])

    const OTHER = new InjectionToken<PhoenixSocket>('other')
    const other = fakePhoenix()
    const dialled: string[] = []
    other.targets$.subscribe(({ url }) => dialled.push(url))
    const admin = createEnvironmentInjector(
      [providePhoenixSocket('ws://other/socket', { transport: other.transport }, OTHER)],
      TestBed.inject(EnvironmentInjector),
    )
    const elsewhere = runInInjectionContext(admin, () => injectChannel('room:lobby', { socket: OTHER }))
    elsewhere.subscribe()
    expect(dialled).toEqual(['ws://other/socket'])
    admin.destroy()
  })

  it('gives a signal of the channel for a function, another one when the topic is another', () => {
    const { here, sent, scheduler } = setup()
    const id = signal(' 1')
    const [room, joined] = here(() => {
      const room = injectChannel(() => `room:${id().trim()}`)
      const joined = toSignal(
        toObservable(room).pipe(
          switchMap((channel) => channel.pipe(map(({ status }) => [channel.topic, status]))),
        ),
      )
      return [room, joined]
    })
    const first = room()
    expect(first.topic).toBe('room:1')
    TestBed.tick()
    expect(joined()).toEqual(['room:1', 'joined'])

    id.set('1 ')
    expect(room()).toBe(first)
    id.set('2')
    expect(room()).not.toBe(first)
    TestBed.tick()
    expect(joined()).toEqual(['room:2', 'joined'])
    scheduler.flush()
    expect(sent.filter((event) => !event.endsWith('heartbeat')).slice(0, 3)).toEqual([
      'room:1 phx_join',
      'room:2 phx_join',
      'room:1 phx_leave',
    ])
  })

  it('throws InvalidArgument at the call, and of a signal when it is read', () => {
    const { here } = setup()
    const wrong = /^topic is ""/
    expect(() => here(() => injectChannel(''))).toThrow(wrong)
    const room = here(() => injectChannel(() => ''))
    expect(room).toThrow(wrong)
  })

  it('wants an injection context', () => {
    expect(() => injectChannel('room:lobby')).toThrow(/NG0203/)
  })
})
