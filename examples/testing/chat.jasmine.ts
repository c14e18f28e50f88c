import { readFileSync } from 'node:fs'
import { phoenixSocket, type Transport } from 'rx-phoenix'
import {
  answerBy,
  broadcast,
  errorTo,
  joinFrame,
  leaveFrame,
  marbles,
  parseSession,
  pushFrame,
  replay,
} from 'rx-phoenix/testing'
import { of } from 'rxjs'
import { Chat } from './chat.ts'

/** A chat without a server. It waits 3 ms before it connects again, and sends no heartbeats. */
const chatOn = (transport: Transport): Chat =>
  new Chat(
    phoenixSocket('ws://localhost/socket', { transport, heartbeatIntervalMs: 0, reconnect: () => 3 }),
    'room:lobby',
  )

/** As `runMarbles`, with the differences shown by Jasmine; the same goes for any framework. */
const runMarbles = marbles((actual, expected) => {
  expect(actual).toEqual(expected)
})

const hello = broadcast('room:lobby', 'new_msg', { from: 'ann', body: 'hello' })

describe('a chat, tested with Jasmine', () => {
  it('joins, gathers the lines, and leaves', () => {
    runMarbles(({ expectObservable, expectSent, phoenix }) => {
      const server = phoenix('o---m-m--', { m: hello })
      const chat = chatOn(server.transport)

      expectObservable(chat.lines$, '      ^-------!').toBe('0---1-2--', {
        0: [],
        1: ['ann: hello'],
        2: ['ann: hello', 'ann: hello'],
      })
      expectSent(server).toBe('             j-------L', {
        j: joinFrame('room:lobby'),
        L: leaveFrame('room:lobby'),
      })
    })
  })

  it('is offline while the line is down', () => {
    runMarbles(({ expectObservable, phoenix }) => {
      const server = phoenix(['o----#', 'o'])

      // The line is cut at 5 ms, and dialled again 3 ms later.
      expectObservable(chatOn(server.transport).online$, '^---------!').toBe('(ft)-f--t', {
        f: false,
        t: true,
      })
    })
  })

  it('tells a line that the server refuses from one that was sent', () => {
    runMarbles(({ expectObservable, expectSent, phoenix }) => {
      const answer = answerBy({ new_msg: (message) => of(errorTo(message, { reason: 'muted' })) }, 2)
      const muted = phoenix('o', {}, { answer })
      const friendly = phoenix('o')

      expectObservable(chatOn(friendly.transport).say('hi')).toBe('(s|)', { s: 'sent' })
      expectObservable(chatOn(muted.transport).say('hi')).toBe('----(m|)', { m: 'muted' })
      expectSent(muted).toBe('j-p-L', {
        j: joinFrame('room:lobby'),
        p: pushFrame('room:lobby', 'new_msg', { body: 'hi' }),
        L: leaveFrame('room:lobby'),
      })
    })
  })

  it('does what it did when it was recorded', () => {
    const session = parseSession(readFileSync(new URL('chat.ndjson', import.meta.url), 'utf8'))
    if (session._tag === 'Left') throw new Error(session.left.reason)
    const recorded = replay(session.right)
    runMarbles(({ expectObservable }) => {
      expectObservable(chatOn(recorded).lines$, '^ 300ms !').toBe('0 78ms 1', { 0: [], 1: ['bob: welcome'] })
    })
    expect(() => {
      recorded.assertFollowed()
    }).not.toThrow()
  })
})
