import 'zone.js'
import { NgZone, provideZoneChangeDetection } from '@angular/core'
import { TestBed } from '@angular/core/testing'
import {
  asyncScheduler,
  map,
  merge,
  Observable,
  type SchedulerAction,
  type SchedulerLike,
  Subject,
  tap,
  VirtualTimeScheduler,
} from 'rxjs'
import { injectPhoenixSocket, providePhoenixSocket } from '../../lib/angular/index.ts'
import { type Link, type SocketOptions, type Transport } from '../../lib/index.ts'
import { useTestBed } from './test-bed.ts'
import { withoutZoneAfter } from './without-zone-after.ts'

useTestBed(provideZoneChangeDetection())
withoutZoneAfter()

/** Everything that a socket does, with where it does it. */
const spies = () => {
  const log: Set<string> = new Set()
  const note = (what: string): void => {
    log.add(`${what} ${NgZone.isInAngularZone() ? 'inside' : 'outside'}`)
  }
  const noted = <A>(what: string, source$: Observable<A>): Observable<A> =>
    new Observable((subscriber) => {
      note(what)
      return source$.subscribe(subscriber)
    })
  const link: Link = {
    send: () => {
      note('send')
    },
    bufferedAmount: 7,
    heartbeat: false,
  }
  const transport: Transport = () =>
    noted(
      'dial',
      new Observable((subscriber) => {
        subscriber.next({ type: 'open', link })
      }),
    )
  const scheduler: SchedulerLike = {
    now: () => asyncScheduler.now(),
    schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delayMs?: number, state?: T) => {
      note('schedule')
      return asyncScheduler.schedule(work, delayMs, state)
    },
  }
  const options: SocketOptions = {
    transport,
    scheduler,
    wake: noted('wake', new Subject()),
    pause: noted('pause', new Subject<boolean>()),
  }
  return { log, options }
}

describe('a provided socket in an application with a zone', () => {
  const start = (options: SocketOptions) => {
    TestBed.configureTestingModule({
      providers: [providePhoenixSocket('ws://host/socket', options)],
    })
    return TestBed.inject(NgZone)
  }

  it('dials, listens, sends and sets its timers outside', () => {
    const { log, options } = spies()
    const zone = start(options)

    const subscription = zone.run(() => {
      const socket = TestBed.runInInjectionContext(() => injectPhoenixSocket())
      // On an open socket a ping is sent, and a push given its deadline, where it is subscribed.
      return merge(socket, socket.ping(), socket.channel('room:lobby').push('hello')).subscribe()
    })
    subscription.unsubscribe()
    expect([...log].sort()).toEqual([
      'dial outside',
      'pause outside',
      'schedule outside',
      'send outside',
      'wake outside',
    ])
  })

  it('has the link tell what it told', () => {
    const zone = start(spies().options)
    const told: unknown[] = []
    zone.run(() => {
      TestBed.runInInjectionContext(() => injectPhoenixSocket())
        .pipe(map((state) => state.status === 'open' && state.connection.bufferedAmount))
        .subscribe((amount) => told.push(amount))
        .unsubscribe()
    })
    expect(told).toContain(7)
  })

  it('sends no heartbeats over a link that wants none', () => {
    const { options, log } = spies()
    const scheduler = new VirtualTimeScheduler(undefined, 100_000)
    const zone = start({ ...options, scheduler })
    zone.run(() => TestBed.runInInjectionContext(() => injectPhoenixSocket()).subscribe())
    scheduler.flush()
    expect(log).toContain('dial outside')
    expect(log).not.toContain('send outside')
  })

  it('leaves the zone stable while frames and timers come', async () => {
    const frames$ = new Subject<void>()
    const transport: Transport = () =>
      new Observable((subscriber) => {
        subscriber.next({ type: 'open', link: { send: () => undefined, bufferedAmount: 0 } })
        const interval = setInterval(() => {
          subscriber.next({ type: 'frame', frame: '[null,null,"room:lobby","tick",{}]' })
          frames$.next()
        }, 5)
        return () => {
          clearInterval(interval)
        }
      })
    const zone = start({ transport, lingerMs: 0 })
    const room = zone.run(() =>
      TestBed.runInInjectionContext(() => injectPhoenixSocket()).channel('room:lobby'),
    )
    const subscription = zone.run(() => room.subscribe())
    let turns = 0
    const counting = zone.onUnstable.subscribe(() => turns++)

    await new Promise<void>((resolve) => {
      let seen = 0
      frames$.pipe(tap(() => seen++)).subscribe(() => {
        if (seen === 3) resolve()
      })
    })
    expect(turns).toBe(0)
    counting.unsubscribe()
    subscription.unsubscribe()
  })
})
