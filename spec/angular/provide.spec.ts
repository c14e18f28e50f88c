import {
  createEnvironmentInjector,
  EnvironmentInjector,
  inject,
  InjectionToken,
  PLATFORM_ID,
} from '@angular/core'
import { TestBed } from '@angular/core/testing'
import { NEVER, Observable, Subject, VirtualTimeScheduler } from 'rxjs'
import { injectPhoenixSocket, PHOENIX_SOCKET, providePhoenixSocket } from '../../lib/angular/index.ts'
import { type ConnectionState, type PhoenixSocket, type SocketOptions } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'
import { useTestBed } from './test-bed.ts'

useTestBed()

const setup = (options: SocketOptions = {}) => {
  const scheduler = new VirtualTimeScheduler(undefined, 100_000)
  const server = fakePhoenix()
  const dialled: string[] = []
  server.targets$.subscribe(({ url }) => dialled.push(url))
  const provider = (url = 'ws://host/socket') =>
    providePhoenixSocket(url, { scheduler, transport: server.transport, ...options })
  return { scheduler, server, dialled, provider }
}
const statusesOf = (socket: PhoenixSocket): readonly ConnectionState['status'][] => {
  const statuses: ConnectionState['status'][] = []
  socket.subscribe(({ status }) => statuses.push(status))
  return statuses
}
const injectIt = (): PhoenixSocket => TestBed.runInInjectionContext(() => injectPhoenixSocket())

describe('providePhoenixSocket', () => {
  it('provides one socket, that connects when somebody subscribes', () => {
    const { dialled, provider } = setup()
    TestBed.configureTestingModule({ providers: [provider()] })

    const socket = injectIt()
    expect(injectIt()).toBe(socket)
    expect(TestBed.inject(PHOENIX_SOCKET)).toBe(socket)
    expect(dialled).toEqual([])
    expect(statusesOf(socket)).toEqual(['connecting', 'open'])
    expect(dialled).toEqual(['ws://host/socket'])
  })

  it('lingers for a second by default, so that a change of route does not close', () => {
    const { scheduler, provider } = setup()
    TestBed.configureTestingModule({ providers: [provider()] })

    const socket = injectIt()
    socket.subscribe().unsubscribe()
    const states: string[] = []
    for (const ms of [999, 1_001]) scheduler.schedule(() => states.push(socket.state.status), ms)
    scheduler.flush()
    expect(states).toEqual(['open', 'idle'])
  })

  it('lingers as long as it is told to', () => {
    const { provider } = setup({ lingerMs: 0 })
    TestBed.configureTestingModule({ providers: [provider()] })

    const socket = injectIt()
    socket.subscribe().unsubscribe()
    expect(socket.state.status).toBe('idle')
  })

  it('lingers for a second where lingerMs is undefined, as if it were left out', () => {
    const { provider } = setup({ lingerMs: undefined } as unknown as SocketOptions)
    TestBed.configureTestingModule({ providers: [provider()] })

    const socket = injectIt()
    socket.subscribe().unsubscribe()
    expect(socket.state.status).toBe('open')
  })

  it('makes its options where inject may be called, once', () => {
    const { server } = setup()
    const TRANSPORT = new InjectionToken<string>('name', { factory: () => 'ann' })
    let calls = 0
    const sent: unknown[] = []
    server.targets$.subscribe(({ params }) => sent.push(params))
    TestBed.configureTestingModule({
      providers: [
        providePhoenixSocket('ws://host/socket', () => {
          calls++
          return { params: { name: inject(TRANSPORT) }, transport: server.transport }
        }),
      ],
    })

    expect(calls).toBe(0)
    const socket = injectIt()
    socket.subscribe().unsubscribe()
    injectIt()
    expect(calls).toBe(1)
    expect(sent).toEqual([{ name: 'ann' }])
  })

  it('throws InvalidArgument for what cannot work, when it is injected', () => {
    TestBed.configureTestingModule({ providers: [providePhoenixSocket('gopher://host')] })
    expect(injectIt).toThrow(/^url is "gopher:/)
  })

  it('provides more sockets under tokens of their own', () => {
    const ADMIN = new InjectionToken<PhoenixSocket>('admin')
    const { server, dialled, provider } = setup()
    TestBed.configureTestingModule({
      providers: [
        provider(),
        providePhoenixSocket('ws://admin/socket', { transport: server.transport }, ADMIN),
      ],
    })

    const admin = TestBed.runInInjectionContext(() => injectPhoenixSocket(ADMIN))
    expect(admin).not.toBe(injectIt())
    admin.subscribe()
    expect(dialled).toEqual(['ws://admin/socket'])
  })

  it.each<[string, SocketOptions]>([
    ['', {}],
    [', whatever the option pause says', { pause: NEVER }],
  ])(
    'closes what lingers and what is still subscribed when its injector is destroyed%s',
    (_title, options) => {
      const { scheduler, provider } = setup(options)
      TestBed.configureTestingModule({})
      const child = createEnvironmentInjector([provider()], TestBed.inject(EnvironmentInjector))

      const socket = child.get(PHOENIX_SOCKET)
      const statuses = statusesOf(socket)
      child.destroy()
      expect(statuses).toEqual(['connecting', 'open', 'paused'])
      scheduler.flush()
      expect(statuses).toHaveLength(3)
    },
  )

  it('stays closed then, whatever the option pause says later', () => {
    const pause = new Subject<boolean>()
    const { provider } = setup({ pause })
    TestBed.configureTestingModule({})
    const child = createEnvironmentInjector([provider()], TestBed.inject(EnvironmentInjector))

    const statuses = statusesOf(child.get(PHOENIX_SOCKET))
    child.destroy()
    pause.next(false)
    expect(statuses).toEqual(['connecting', 'open', 'paused'])
  })

  it('pauses as its option says', () => {
    const pause = new Subject<boolean>()
    const { provider } = setup({ pause })
    TestBed.configureTestingModule({ providers: [provider()] })

    const statuses = statusesOf(injectIt())
    pause.next(true)
    pause.next(false)
    expect(statuses).toEqual(['connecting', 'open', 'paused', 'connecting', 'open'])
  })

  it('connects nowhere on the server side of SSR, and takes a relative address there', () => {
    let listened = false
    const { scheduler, dialled, provider } = setup({
      wake: new Observable(() => {
        listened = true
      }),
      params: () => {
        throw new Error('evaluated')
      },
    })
    TestBed.configureTestingModule({
      providers: [{ provide: PLATFORM_ID, useValue: 'server' }, provider('/socket')],
    })

    const statuses = statusesOf(injectIt())
    scheduler.flush()
    expect(statuses).toEqual(['paused'])
    expect([dialled, listened]).toEqual([[], false])
  })

  it('says what is missing when nothing is provided', () => {
    expect(injectIt).toThrow(/NG0201.*providePhoenixSocket/)
  })

  it('wants an injection context', () => {
    expect(() => injectPhoenixSocket()).toThrow(/NG0203/)
  })
})
