import { EMPTY, filter, map, merge, of, type SchedulerLike } from 'rxjs'
import {
  HeartbeatTimeout,
  type Link,
  type Message,
  phoenixSocket,
  type SocketOptions,
} from '../../lib/index.ts'
import { answerOk, broadcast, fakePhoenix, type FakePhoenixOptions, okTo } from '../../lib/testing/index.ts'
import { about, run, word } from '../support/run.ts'
import { URL } from '../support/socket.ts'

const o = 'open' as const
const states = { c: 'connecting', o: 'open', w: 'waiting 99' }
const silent = () => EMPTY

/** A socket whose link shows how many bytes are on their way, given the time. */
const socketOn = (
  fake: FakePhoenixOptions,
  scheduler: SchedulerLike,
  bytes: { readonly out?: (atMs: number) => number; readonly in?: (atMs: number) => number },
  options: SocketOptions = {},
) => {
  const server = fakePhoenix(fake)
  const socket = phoenixSocket(URL, {
    heartbeatIntervalMs: 4,
    reconnect: () => 99,
    rejoin: () => 2,
    transport: (target) =>
      server.transport(target).pipe(
        map((event) => {
          if (event.type === 'frame') return event
          const link: Link = {
            send: (frame) => {
              event.link.send(frame)
            },
            get bufferedAmount() {
              return bytes.out?.(scheduler.now()) ?? 0
            },
            get bytesReceived() {
              return bytes.in?.(scheduler.now())
            },
          }
          return { ...event, link }
        }),
      ),
    ...options,
  })
  return { socket, words$: socket.pipe(map(word)), sent$: server.sent$.pipe(map(about)) }
}

/** Rises, or falls, by one each millisecond between two times. */
const moving =
  (fromMs: number, toMs: number) =>
  (atMs: number): number =>
    Math.min(Math.max(atMs, fromMs), toMs)
const falling =
  (fromMs: number, toMs: number) =>
  (atMs: number): number =>
    1_000 - moving(fromMs, toMs)(atMs)

describe('S10: a busy line is alive', () => {
  it('any frame that arrives restarts the deadline of a heartbeat', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const link = '  o------x---y----'
      const { socket, words$ } = socketOn(
        {
          link: () => cold(link, { o, x: broadcast('a', 'x', 1), y: { raw: 'no frame' } }),
          answer: silent,
        },
        scheduler,
        {},
      )
      const cause$ = socket.pipe(
        filter((state) => state.status === 'waiting'),
        map(({ cause }) => cause),
      )

      expectObservable(words$, '^-----------------!').toBe('(co)-----------w', states)
      expectObservable(cause$, '^-----------------!').toBe('---------------e', { e: new HeartbeatTimeout(4) })
    })
  })

  it.each<[string, Parameters<typeof socketOn>[2], string]>([
    ['a buffer that empties', { out: falling(0, 12) }, '(co) 12ms w'],
    ['a buffer that stays full', { out: () => 500 }, '(co)----w'],
    ['a buffer that fills', { out: (atMs) => 500 + atMs }, '(co)----w'],
    ['bytes that arrive', { in: moving(0, 12) }, '(co) 12ms w'],
    ['bytes that have arrived before', { in: moving(0, 3) }, '(co)----w'],
  ])('%s', (_name, bytes, expected) => {
    run(({ cold, expectObservable }, scheduler) => {
      const { words$ } = socketOn({ link: () => cold('o', { o }), answer: silent }, scheduler, bytes)

      expectObservable(words$, '^ 30ms !').toBe(expected, states)
    })
  })

  it('an upload of 240 kB at 60 kB/s is not cut by a heartbeat', () => {
    run(({ cold, expectObservable }, scheduler) => {
      let sentAt = Infinity
      const out = (atMs: number): number => Math.max(0, 240_000 - Math.max(0, atMs - sentAt) * 60)
      // The server answers once it has everything.
      const answer = (message: Message) => {
        const left = sentAt === Infinity ? 0 : out(scheduler.now()) / 60
        return cold(`${Math.ceil(left)}ms r`, { r: okTo(message) })
      }
      const { socket, words$ } = socketOn(
        { link: () => cold('o', { o }), answer },
        scheduler,
        { out },
        {
          heartbeatIntervalMs: 1_000,
        },
      )
      scheduler.schedule(() => (sentAt = scheduler.now()), 990)

      expectObservable(socket.channel('a').push('file'), '^ 6s !').toBe('(r|)', { r: {} })
      expectObservable(words$, '^ 6s !').toBe('(co)', states)
    })
  })

  it('a message of 480 kB at 60 kB/s arrives although the page gets a focus every 8 s', () => {
    run(({ cold, hot, expectObservable }, scheduler) => {
      const bytes = (atMs: number): number => Math.max(0, Math.min(atMs - 7_000, 8_000)) * 60
      const { words$ } = socketOn(
        {
          link: () => merge(cold('o', { o }), cold('15s x', { x: broadcast('a', 'big', 1) })),
          // The line is taken from 7 s to 15 s.
          answer: (message) => {
            const atMs = scheduler.now()
            return cold(`${atMs >= 7_000 ? Math.max(0, 15_000 - atMs) : 0}ms r`, { r: okTo(message) })
          },
        },
        scheduler,
        { in: bytes },
        { heartbeatIntervalMs: 30_000, wake: hot('8s w 7999ms w') },
      )

      expectObservable(words$, '^ 20s !').toBe('(co)', states)
    })
  })

  it('a probe of wake lives as long as frames arrive, and no longer', () => {
    run(({ cold, hot, expectObservable }, scheduler) => {
      const { words$, sent$ } = socketOn(
        { link: () => cold('o 3999ms x 3999ms x', { o, x: broadcast('a', 'x', 1) }), answer: silent },
        scheduler,
        {},
        { heartbeatIntervalMs: 30_000, wake: hot('1s w') },
      )

      expectObservable(sent$, '^ 20s !').toBe('1s h', { h: 'phoenix heartbeat' })
      expectObservable(words$, '^ 13050ms !').toBe('(co) 12996ms w', states)
    })
  })
})

describe('S8: the reply to a join that is on its way', () => {
  const options = { heartbeatIntervalMs: 0, joinTimeoutMs: 5 }

  it('is waited for while its bytes arrive, so that no join queues behind it', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const answer = (message: Message) =>
        message.event === 'phx_join' ? cold('------------r', { r: okTo(message) }) : answerOk(message)
      const { socket, sent$ } = socketOn(
        { link: () => cold('o', { o }), answer },
        scheduler,
        { in: moving(0, 12) },
        options,
      )

      expectObservable(sent$, '^--------------!').toBe('j', { j: 'a phx_join' })
      expectObservable(socket.channel('a').pipe(map(word)), '^---------------!').toBe('(wj)--------J', {
        w: 'waiting',
        j: 'joining',
        J: 'joined',
      })
    })
  })

  it.each<[string, (atMs: number) => number, string]>([
    ['has timed out a while after they stopped', moving(0, 7), 'j--------------l'],
    ['has timed out as ever if they were those of another frame', (atMs) => (atMs < 3 ? 0 : 9), 'j----l'],
  ])('%s', (_name, bytes, sent) => {
    run(({ cold, expectObservable }, scheduler) => {
      const { socket, sent$ } = socketOn(
        {
          link: () => cold('o--x', { o, x: broadcast('b', 'x', 1) }),
          answer: (m) => (m.event === 'phx_join' ? EMPTY : of(okTo(m))),
        },
        scheduler,
        { in: bytes },
        { ...options, rejoin: () => 99 },
      )

      expectObservable(sent$, '^-----------------!').toBe(sent, { j: 'a phx_join', l: 'a phx_leave' })
      expectObservable(socket.channel('a').on('x'), '^-----------------!').toBe('')
    })
  })
})
