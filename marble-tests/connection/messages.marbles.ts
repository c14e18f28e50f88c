import { ignoreElements, map, merge } from 'rxjs'
import { phoenixSocket, type SocketOptions } from '../../lib/index.ts'
import { broadcast, type FakePhoenix, joinFrame, leaveFrame, pushed } from '../../lib/testing/index.ts'
import { about, run } from '../support/run.ts'

const socketOn = ({ transport }: FakePhoenix, options: SocketOptions = {}) =>
  phoenixSocket('ws://localhost/socket', {
    transport,
    heartbeatIntervalMs: 0,
    reconnect: () => 2,
    ...options,
  })

const messages = {
  d: broadcast('__absinthe__:doc:1', 'subscription:data', { result: { data: { n: 1 } } }),
  s: pushed('room:a', '99', 'old'),
}

describe('messages$ of a socket', () => {
  it('emits messages on topics that nobody joined, and stale messages and replies', () => {
    run(({ expectObservable, expectSent, phoenix }) => {
      const server = phoenix('   o--d-s----', messages)
      const subscription = '     ^--------!'
      const expected = '         r--d-s'
      const socket = socketOn(server)
      const seen$ = merge(socket.messages$, socket.channel('room:a').pipe(ignoreElements()))

      expectObservable(seen$.pipe(map(about)), subscription).toBe(expected, {
        r: 'room:a phx_reply',
        d: '__absinthe__:doc:1 subscription:data',
        s: 'room:a old',
      })
      expectSent(server).toBe('  j--------L', { j: joinFrame('room:a'), L: leaveFrame('room:a') })
    })
  })

  it('connects by itself, continues over a reconnect, and closes with its last subscriber', () => {
    run(({ expectObservable, phoenix }) => {
      const server = phoenix(['  o-d#', 'o-d'], messages)
      const subscription = '     ^--------!'
      const expected = '         --d----d'
      const socket = socketOn(server)

      expectObservable(server.targets$.pipe(map(({ vsn }) => vsn))).toBe('v----v', { v: '2.0.0' })
      expectObservable(socket.messages$, subscription).toBe(expected, messages)
    })
  })

  it('is hot: a late subscriber gets only later messages', () => {
    run(({ expectObservable, phoenix }) => {
      const server = phoenix('   o-d-d', messages)
      const first = '            ^------!'
      const late = '             ---^---!'
      const socket = socketOn(server)

      expectObservable(socket.messages$, first).toBe('--d-d', messages)
      expectObservable(socket.messages$, late).toBe(' ----d', messages)
    })
  })

  it('gives the messages of all connections', () => {
    run(({ expectObservable, phoenix }) => {
      const server = phoenix(['  o---d', 'o-----d'], messages)
      const subscription = '     ^---------!'
      const expected = '         (rr)d-d'
      const socket = socketOn(server, { channelsPerConnection: 1 })
      const seen$ = merge(
        socket.messages$,
        socket.channel('room:a').pipe(ignoreElements()),
        socket.channel('room:b').pipe(ignoreElements()),
      )

      expectObservable(seen$.pipe(map(({ event }) => event)), subscription).toBe(expected, {
        r: 'phx_reply',
        d: 'subscription:data',
      })
    })
  })

  it('errors as the socket does', () => {
    run(({ expectObservable, phoenix }) => {
      const server = phoenix('--#')
      const errors$ = socketOn(server, { reconnect: () => 'stop' }).messages$

      expectObservable(errors$.pipe(map(about))).toBe(
        '--#',
        {},
        expect.objectContaining({ _tag: 'ConnectionClosed' }),
      )
    })
  })

  it('omits a frame that cannot be decoded, and continues', () => {
    run(({ expectObservable, phoenix }) => {
      const server = phoenix('   o-xd', { x: { raw: '[null,null,"a","news",{]' }, d: messages.d })

      expectObservable(socketOn(server).messages$, '^-----!').toBe('---d', messages)
    })
  })
})
