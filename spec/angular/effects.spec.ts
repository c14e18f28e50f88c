import {
  createEnvironmentInjector,
  effect,
  EnvironmentInjector,
  runInInjectionContext,
  signal,
} from '@angular/core'
import { TestBed } from '@angular/core/testing'
import { type Subscribable, VirtualTimeScheduler } from 'rxjs'
import { injectChannel, injectPhoenixSocket, providePhoenixSocket } from '../../lib/angular/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'
import { useTestBed } from './test-bed.ts'

useTestBed()

const setup = () => {
  const scheduler = new VirtualTimeScheduler(undefined, 100_000)
  const server = fakePhoenix()
  const said = signal('a')
  const targets: unknown[] = []
  server.targets$.subscribe(({ url, params, authToken }) => targets.push([url, params, authToken]))
  TestBed.configureTestingModule({
    providers: [
      providePhoenixSocket(
        () => `ws://${said()}/socket`,
        () => ({
          params: () => ({ p: said() }),
          authToken: () => said(),
          scheduler,
          transport: server.transport,
        }),
      ),
    ],
  })
  return { said, server, targets, here: <A>(make: () => A): A => TestBed.runInInjectionContext(make) }
}

/** How often an effect runs that subscribes, after what its inputs read has changed. */
const runsOf = (source$: Subscribable<unknown>, change: () => void): number => {
  let runs = 0
  TestBed.runInInjectionContext(() =>
    effect((onCleanup) => {
      runs++
      const subscription = source$.subscribe({})
      onCleanup(() => {
        subscription.unsubscribe()
      })
    }),
  )
  TestBed.tick()
  change()
  TestBed.tick()
  return runs
}

describe('an effect that subscribes', () => {
  it('does not depend on the signals that url, params and authToken read', () => {
    const { here, said, targets } = setup()
    const socket = here(() => injectPhoenixSocket())
    expect(
      runsOf(socket, () => {
        said.set('b')
      }),
    ).toBe(1)
    expect(targets).toEqual([['ws://a/socket', { p: 'a' }, 'a']])
  })

  it('does not depend on the signals that the params of a channel read', () => {
    const { here, said, server } = setup()
    const by = signal('ann')
    const room = here(() => injectChannel('room:a', { params: () => ({ by: by() }) }))
    expect(
      runsOf(room, () => {
        by.set('bob')
        said.set('b')
      }),
    ).toBe(1)
    expect(server.sent.map(({ event, payload }) => [event, payload])).toEqual([['phx_join', { by: 'ann' }]])
  })

  it('does not depend on them when it pushes or sends either', () => {
    const { here, server } = setup()
    const by = signal('ann')
    const room = here(() => injectChannel('room:a', { params: () => ({ by: by() }) }))
    for (const sending$ of [room.push('save', {}), room.send('save', {})])
      expect(
        runsOf(sending$, () => {
          by.set('bob')
        }),
      ).toBe(1)
    expect(server.sent[0]?.payload).toEqual({ by: 'ann' })
  })

  it('leaves functions comparable: two that hold one topic may pass the same', () => {
    const { here, server } = setup()
    const params = () => ({ by: 'ann' })
    here(() => injectChannel('room:a', { params })).subscribe()
    const page = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector))
    runInInjectionContext(page, () => injectChannel('room:a', { params })).subscribe()
    expect(server.sent.map(({ event }) => event)).toEqual(['phx_join'])
  })
})
