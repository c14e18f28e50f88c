import { EMPTY, map, mergeMap } from 'rxjs'
import { type Message } from '../../lib/index.ts'
import { answerOk } from '../../lib/testing/index.ts'
import { about, letters, run } from '../support/run.ts'
import { replying, socketOn } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3', J: 'a phx_join', L: 'a phx_leave', h: 'phoenix heartbeat' }

describe('S10: heartbeats and joins', () => {
  it('the deadline rests while a join is in flight', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('   o', { o })
      const toJoin = cold(' -----------r')
      const held = '        ^----------------!'
      const sent = '        J---h---'
      const states = '      (co)-----------w'
      // As a server does: it answers nothing else while a join runs.
      const answer = (message: Message) => (message.event === 'phx_join' ? replying(toJoin)(message) : EMPTY)
      const { socket, words$, sent$ } = socketOn({ link: () => link, answer }, { heartbeatIntervalMs: 4 })

      expectObservable(socket.channel('a').on('news'), held).toBe('')
      expectObservable(words$, held).toBe(states, values)
      expectObservable(sent$.pipe(map(about)), held).toBe(sent, values)
    })
  })

  it('a join that was not answered in time no longer rests the deadline, until the server sends something', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const dead = cold('o', { o })
      const held = '     ^---------!'
      const sent = '     J---hL--J'
      const states = '   (co)-----w'
      const opened = '   ^--------!'
      const { socket, words$, sent$ } = socketOn(
        { link: () => dead, answer: () => EMPTY },
        { heartbeatIntervalMs: 4, joinTimeoutMs: 5, rejoin: () => 3 },
      )

      expectObservable(socket.channel('a').on('news'), held).toBe('')
      expectObservable(words$, held).toBe(states, values)
      expectObservable(sent$.pipe(map(about))).toBe(sent, values)
      expectSubscriptions(dead.subscriptions).toBe(opened)
    })
  })

  it('joins that overlap without a gap do not postpone the deadline forever', () => {
    run(({ cold, expectObservable }) => {
      const dead = cold('o', { o })
      // A new topic each 2 ms: there is always a join in flight. The first fails at 7 ms; from then on the clock runs.
      const topics = cold('--a-b-c-d-e-f')
      const held = '       ^-----------!'
      const states = '     (co)-------w'
      const { socket, words$ } = socketOn(
        { link: () => dead, answer: () => EMPTY },
        { heartbeatIntervalMs: 4, joinTimeoutMs: 5 },
      )

      expectObservable(topics.pipe(mergeMap((topic) => socket.channel(topic).on('news'))), held).toBe('')
      expectObservable(words$, held).toBe(states, values)
    })
  })

  it('a join answered in time is followed by heartbeats as ever', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('o', { o })
      const held = '     ^----------------!'
      const sent = '     J---h---h---h---hL'
      const { socket, sent$ } = socketOn({ link: () => link, answer: answerOk }, { heartbeatIntervalMs: 4 })

      expectObservable(socket.channel('a').on('news'), held).toBe('')
      expectObservable(sent$.pipe(map(about))).toBe(sent, values)
      expectSubscriptions(link.subscriptions).toBe(held)
    })
  })
})
