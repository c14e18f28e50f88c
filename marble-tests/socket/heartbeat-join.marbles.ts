import { delay, EMPTY, map, type Observable, of } from 'rxjs'
import { type Message } from '../../lib/index.ts'
import { answerOk, okTo } from '../../lib/testing/index.ts'
import { about, letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

const o = 'open' as const
const values = { ...letters, w: 'waiting 3', J: 'a phx_join', L: 'a phx_leave', h: 'phoenix heartbeat' }

/** As a server does: it answers nothing while a join runs. */
const joinsTake =
  (joinMs: number) =>
  (message: Message): Observable<Message> =>
    message.event === 'phx_join' ? of(okTo(message)).pipe(delay(joinMs)) : EMPTY

describe('S10: heartbeats and joins', () => {
  it('the deadline rests while a join is in flight', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('o', { o })
      const held = '     ^----------------!'
      const sent = '     J---h---'
      const states = '   (co)-----------w'
      const { socket, words$, sent$ } = socketOn(
        { link: () => link, answer: joinsTake(11) },
        { heartbeatIntervalMs: 4 },
      )

      expectObservable(socket.channel('a').on('news'), held).toBe('')
      expectObservable(words$, held).toBe(states, values)
      expectObservable(sent$.pipe(map(about)), held).toBe(sent, values)
    })
  })

  it('the deadline goes on where it stood, so that joins without answer do not put it off for ever', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const dead = cold('o', { o })
      const held = '     ^--------------!'
      const sent = '     J---hL--J----L'
      const states = '   (co)----------w'
      const opened = '   ^-------------!'
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
