import { filter, ignoreElements, map, merge, NEVER, of } from 'rxjs'
import { ConnectTimeout, phoenixSocket, type SocketOptions } from '../../lib/index.ts'
import {
  answerBy,
  broadcast,
  crashed,
  errorTo,
  type FakePhoenix,
  heartbeatFrame,
  joinFrame,
  leaveFrame,
  pushFrame,
  runMarbles,
} from '../../lib/testing/index.ts'
import { word } from '../support/run.ts'

const socketOn = ({ transport }: FakePhoenix, options: SocketOptions = {}) =>
  phoenixSocket('ws://localhost/socket', {
    transport,
    heartbeatIntervalMs: 0,
    reconnect: () => 3,
    rejoin: () => 3,
    ...options,
  })

describe('phoenix', () => {
  it('opens, sends what its diagram has, and is cut', () => {
    runMarbles(({ expectObservable, phoenix }) => {
      const server = phoenix('-o--m--#', { m: broadcast('room:a', 'news', { n: 1 }) })
      const socket = socketOn(server)

      expectObservable(socket.pipe(map(word)), '^----------!').toBe('co-----w--c', {
        c: 'connecting',
        o: 'open',
        w: 'waiting 3',
      })
      expectObservable(socket.channel('room:a').on('news'), '^---------!').toBe('----m', { m: { n: 1 } })
    })
  })

  it('has a diagram for each link, the last of which serves for all that follow', () => {
    runMarbles(({ expectObservable, expectSent, phoenix }) => {
      const error = new ConnectTimeout(7)
      const server = phoenix(['--#', 'o-#'], {}, { error })
      const socket = socketOn(server)

      expectObservable(server.targets$.pipe(map(({ vsn }) => vsn))).toBe('a----a----a', { a: '2.0.0' })
      expectObservable(socket.channel('room:a').pipe(ignoreElements()), '^----------!').toBe('')
      expectSent(server).toBe('-----j----jL', { j: joinFrame('room:a'), L: leaveFrame('room:a') })
    })
  })

  it('makes a line of the join_ref that a topic has by then', () => {
    runMarbles(({ expectObservable, expectSent, phoenix }) => {
      const server = phoenix('o--x----x', { x: (joinRefOf) => crashed('room:a', joinRefOf('room:a')) })

      const errors$ = socketOn(server)
        .channel('room:a')
        .pipe(filter((state) => state.status === 'errored'))
      expectObservable(errors$.pipe(map(word)), '^----------!').toBe('---e----e', { e: 'errored 3' })
      expectSent(server).toBe('j-----k', { j: { joinRef: '1' }, k: { joinRef: '2' } })
    })
  })

  it('sends raw frames, and answers by event, with a delay', () => {
    runMarbles(({ expectObservable, expectSent, phoenix }) => {
      const server = phoenix(
        'o----r',
        { r: { raw: '[null,null,"room:a","news",{"n":1}]' } },
        {
          answer: answerBy(
            { muted: (message) => of(errorTo(message, { reason: 'no' })), lost: () => NEVER },
            2,
          ),
        },
      )
      const room = socketOn(server).channel('room:a')
      const pushes$ = merge(room.push('muted'), room.push('lost', {}, { timeoutMs: 9 }))

      expectObservable(room.on('news'), '^------!').toBe('-----n', { n: { n: 1 } })
      expectObservable(pushes$).toBe('----#', {}, expect.objectContaining({ _tag: 'PushRefused' }))
      expectSent(server).toBe('j-(ml)-L', {
        j: joinFrame('room:a'),
        m: pushFrame('room:a', 'muted'),
        l: pushFrame('room:a', 'lost'),
        L: leaveFrame('room:a'),
      })
    })
  })

  it('is sent heartbeats, on virtual time', () => {
    runMarbles(({ expectObservable, expectSent, phoenix }) => {
      const server = phoenix()
      const socket = socketOn(server, { heartbeatIntervalMs: 30_000 })

      expectObservable(socket.pipe(ignoreElements()), '^ 70s !').toBe('')
      expectSent(server).toBe('30s h 29999ms h', { h: heartbeatFrame() })
    })
  })

  it('reports a message for a topic that is not joined', () => {
    expect(() => {
      runMarbles(({ expectObservable, phoenix }) => {
        const server = phoenix('o-x', { x: (joinRefOf) => crashed('room:b', joinRefOf('room:b')) })
        expectObservable(socketOn(server).pipe(map(word)), '^---!').toBe('(co)', {
          c: 'connecting',
          o: 'open',
        })
      })
    }).toThrow('at 2 ms: expected nothing, came')
  })
})
