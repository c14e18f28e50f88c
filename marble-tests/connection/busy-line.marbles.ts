import { EMPTY, filter, map, merge, NEVER, type Observable, of } from 'rxjs'
import {
  HeartbeatTimeout,
  type Link,
  type Message,
  phoenixSocket,
  type SocketOptions,
} from '../../lib/index.ts'
import { answerOk, broadcast, fakePhoenix, type FakePhoenixOptions, okTo } from '../../lib/testing/index.ts'
import { about, run, word } from '../support/run.ts'
import { replying, URL } from '../support/socket.ts'

const o = 'open' as const
const states = { c: 'connecting', o: 'open', w: 'waiting 99' }
const silent = () => EMPTY

/** How many bytes the transport buffers, and how many it has received, in hexadecimal digits: `cold('3210')`. */
interface Bytes {
  readonly buffered?: Observable<string>
  readonly received?: Observable<string>
}

/** A socket whose link shows how many bytes are on their way. */
const socketOn = (
  fake: FakePhoenixOptions,
  { buffered = NEVER, received = NEVER }: Bytes,
  options: SocketOptions = {},
) => {
  const server = fakePhoenix(fake)
  let bufferedAmount = 0
  let bytesReceived: number | undefined
  buffered.subscribe((digit) => (bufferedAmount = Number.parseInt(digit, 16)))
  received.subscribe((digit) => (bytesReceived = Number.parseInt(digit, 16)))
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
              return bufferedAmount
            },
            get bytesReceived() {
              return bytesReceived
            },
          }
          return { ...event, link }
        }),
      ),
    ...options,
  })
  return { socket, words$: socket.pipe(map(word)), sent$: server.sent$.pipe(map(about)) }
}

describe('S10: a busy line is alive', () => {
  it('any frame that arrives restarts the deadline of a heartbeat', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('o------x---y------', { o, x: broadcast('a', 'x', 1), y: { raw: 'no frame' } })
      const held = '     ^-----------------!'
      const shown = '    (co)-----------w'
      const causes = '   ---------------e'
      const { socket, words$ } = socketOn({ link: () => link, answer: silent }, {})
      const cause$ = socket.pipe(
        filter((state) => state.status === 'waiting'),
        map(({ cause }) => cause),
      )

      expectObservable(words$, held).toBe(shown, states)
      expectObservable(cause$, held).toBe(causes, { e: new HeartbeatTimeout(4) })
    })
  })

  it.each<[string, keyof Bytes, string, string]>([
    ['a buffer that empties', 'buffered', 'cba9876543210', '(co)------------w'],
    ['a buffer that stays full', 'buffered', '5', '(co)----w'],
    ['a buffer that fills', 'buffered', '0123456789abcdef', '(co)----w'],
    ['bytes that arrive', 'received', '0123456789abc', '(co)------------w'],
    ['bytes that have arrived before', 'received', '0123', '(co)----w'],
  ])('%s', (_name, which, bytes, expected) => {
    run(({ cold, expectObservable }) => {
      const link = cold('o', { o })
      const { words$ } = socketOn({ link: () => link, answer: silent }, { [which]: cold(bytes) })

      expectObservable(words$, '^ 30ms !').toBe(expected, states)
    })
  })

  it('an upload is not cut by a heartbeat, though nothing is answered until all of it has arrived', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('      o', { o })
      const pushed = '         ---^'
      const buffered = cold('  ---9876543210')
      const toPush = cold('       ---------r')
      const toHeartbeat = cold('   --------r')
      const response = '       ------------(r|)'
      const held = '           ^--------------!'
      const answer = (message: Message): Observable<Message> => {
        if (message.event === 'phx_join') return answerOk(message)
        return replying(message.event === 'file' ? toPush : toHeartbeat)(message)
      }
      const { socket, words$ } = socketOn({ link: () => link, answer }, { buffered })

      expectObservable(socket.channel('a').on('news'), held).toBe('')
      expectObservable(socket.channel('a').push('file'), pushed).toBe(response, { r: {} })
      expectObservable(words$, held).toBe('(co)', states)
    })
  })

  it('a message that takes 8 s arrives although the page gets a focus meanwhile, and again', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = merge(cold('o', { o }), cold('15s x', { x: broadcast('a', 'big', 1) }))
      const received = cold('  7s 1 999ms 2 999ms 3 999ms 4 999ms 5 999ms 6 999ms 7 999ms 8')
      const wake = hot('       8s w 7999ms w')
      const toFirst = cold('   7s r')
      const toSecond = cold('  r')
      const { words$ } = socketOn(
        { link: () => link, answer: replying(toFirst, toSecond) },
        { received },
        { heartbeatIntervalMs: 30_000, wake },
      )

      expectObservable(words$, '^ 20s !').toBe('(co)', states)
    })
  })

  it('a probe of wake lives as long as frames arrive, and no longer', () => {
    run(({ cold, hot, expectObservable }) => {
      const link = cold('o 3999ms x 3999ms x', { o, x: broadcast('a', 'x', 1) })
      const wake = hot(' 1s w')
      const sent = '     1s h'
      const shown = '    (co) 12996ms w'
      const { words$, sent$ } = socketOn(
        { link: () => link, answer: silent },
        {},
        { heartbeatIntervalMs: 30_000, wake },
      )

      expectObservable(sent$, '^ 20s !').toBe(sent, { h: 'phoenix heartbeat' })
      expectObservable(words$, '^ 13050ms !').toBe(shown, states)
    })
  })
})

describe('S8: the reply to a join that is on its way', () => {
  const options = { heartbeatIntervalMs: 0, joinTimeoutMs: 5 }

  it('is waited for while its bytes arrive, so that no join queues behind it', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('    o', { o })
      const toJoin = cold('  ------------r')
      const received = cold('0123456789abc')
      const held = '         ^--------------!'
      const sees = '         (wj)--------J'
      const answer = (message: Message) =>
        message.event === 'phx_join' ? replying(toJoin)(message) : answerOk(message)
      const { socket, sent$ } = socketOn({ link: () => link, answer }, { received }, options)

      expectObservable(sent$, held).toBe('j', { j: 'a phx_join' })
      expectObservable(socket.channel('a').pipe(map(word)), held).toBe(sees, {
        w: 'waiting',
        j: 'joining',
        J: 'joined',
      })
    })
  })

  it.each([
    ['has timed out a while after they stopped', '01234567', 'j--------------l'],
    ['has timed out as ever if they were those of another frame', '0--9', 'j----l'],
  ])('%s', (_name, bytes, sent) => {
    run(({ cold, expectObservable }) => {
      const link = cold('o--x', { o, x: broadcast('b', 'x', 1) })
      const held = '     ^-----------------!'
      const { socket, sent$ } = socketOn(
        { link: () => link, answer: (m) => (m.event === 'phx_join' ? EMPTY : of(okTo(m))) },
        { received: cold(bytes) },
        { ...options, rejoin: () => 99 },
      )

      expectObservable(sent$, held).toBe(sent, { j: 'a phx_join', l: 'a phx_leave' })
      expectObservable(socket.channel('a').on('x'), held).toBe('')
    })
  })
})
