import { delay, filter, map, type Observable, of } from 'rxjs'
import { type ChannelOptions } from '../../lib/index.ts'
import { type FakePhoenix } from '../../lib/testing/index.ts'
import { answers, cut, errorLike, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'
import { inOrder } from '../support/socket.ts'

const o = 'open' as const

/** The topics that are joined, in the order in which the joins go out. */
const joinsOf = ({ sent$ }: FakePhoenix): Observable<string> =>
  sent$.pipe(
    filter(({ event }) => event === 'phx_join'),
    map(({ topic }) => topic),
  )

describe('S8: the priority of joins', () => {
  it('is the order in which channels rejoin after a reconnect; equals keep the order of subscription', () => {
    run(({ cold, expectObservable }) => {
      const links = [cold('-o----------#', { o }, cut()), cold('-o', { o })] as const
      const joins = '      -(cdbea)--------(cdbea)'
      const held = '       ^----------------------!'
      const { socket, server } = socketOn({ link: inOrder(...links) })
      const priorities = { a: -1, b: 0, c: 5, d: 5, e: undefined }

      expectObservable(joinsOf(server)).toBe(joins)
      for (const [topic, priority] of Object.entries(priorities))
        expectObservable(
          socket.channel(topic, priority === undefined ? {} : { priority }).on('news'),
          held,
        ).toBe('')
    })
  })

  it('counts for joins that wait for their turn, whenever they came', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('-o', { o })
      const joins = '    -a---u---b---c'
      const early = '    ^-----------------!'
      const late = '     ---^--------------!'
      const { socket, server } = socketOn({ link: () => link, answer: answers({}, 4) }, { joinsInFlight: 1 })

      expectObservable(joinsOf(server), '^-----------------!').toBe(joins)
      for (const topic of ['a', 'b', 'c']) expectObservable(socket.channel(topic).on('news'), early).toBe('')
      expectObservable(socket.channel('u', { priority: 1 }).on('news'), late).toBe('')
    })
  })

  it('counts for joins whose params come late', () => {
    run(({ cold, expectObservable }) => {
      const link = cold('-o', { o })
      const joins = '    -a---u---b'
      const held = '     ^-------------!'
      const { socket, server } = socketOn({ link: () => link, answer: answers({}, 4) }, { joinsInFlight: 1 })
      const late: ChannelOptions = { priority: 1, params: () => of({ ticket: 7 }).pipe(delay(2)) }

      expectObservable(joinsOf(server), held).toBe(joins)
      expectObservable(socket.channel('u', late).on('news'), held).toBe('')
      for (const topic of ['a', 'b']) expectObservable(socket.channel(topic).on('news'), held).toBe('')
    })
  })

  it('is an option like others: one topic has one', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn()
      const error = errorLike('AlreadyJoined', { option: 'priority' })

      expectObservable(socket.channel('a', { priority: 1 }).on('news'), '^----!').toBe('')
      expectObservable(socket.channel('a').on('news'), '-^---!').toBe('')
      expectObservable(socket.channel('a', { priority: 2 }).on('news'), '--^--!').toBe('--#', {}, error)
    })
  })
})
