import { ignoreElements, map, merge, NEVER } from 'rxjs'
import { type ConnectionState } from '../../lib/index.ts'
import { run } from '../support/run.ts'
import { closedWith, inOrder, socketOn } from '../support/socket.ts'

const o = 'open' as const

const counted = (state: ConnectionState): string =>
  'attempt' in state ? `${state.status} ${state.attempt}` : state.status

const values = {
  c: 'connecting 0',
  o: 'open 0',
  w: 'waiting 1',
  d: 'connecting 1',
  p: 'open 1',
  x: 'waiting 2',
  e: 'connecting 2',
  f: 'open 2',
  y: 'waiting 3',
}

describe('S9: counting attempts', () => {
  it('keeps counting while a server accepts and closes, so that there is no tight loop', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const flapping = cold('-o-#', { o }, closedWith(1000))
      const held = '         ^-------------!'
      const states = '       co-w--dp-x--ef'
      const dials = ['       ^--!', '------^--!', '------------^-!']
      const { socket } = socketOn({ link: () => flapping })

      expectObservable(socket.pipe(map(counted)), held).toBe(states, values)
      expectSubscriptions(flapping.subscriptions).toBe(dials)
    })
  })

  it('counts from zero again after the reply to the first heartbeat', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const refused = cold<'open'>(' -#', {}, closedWith(1006))
      const proved = cold('      -o---#', { o }, closedWith(1006))
      const held = '          ^---------!'
      const states = '        cw--dp---w'
      const { socket } = socketOn({ link: inOrder(refused, proved) }, { heartbeatIntervalMs: 2 })

      expectObservable(socket.pipe(map(counted)), held).toBe(states, values)
      expectSubscriptions(refused.subscriptions).toBe('^!')
      expectSubscriptions(proved.subscriptions).toBe(' ----^----!')
    })
  })

  it('counts from zero again after the reply to a join, also a refusal', () => {
    run(({ cold, expectObservable }) => {
      const flapping = cold('-o-#', { o }, closedWith(1006))
      const held = '         ^---------!'
      const states = '       co-w--dp-w'
      const { socket } = socketOn({ link: () => flapping })
      const joined$ = socket.channel('room:a').pipe(ignoreElements())

      expectObservable(merge(socket, joined$).pipe(map(counted)), held).toBe(states, values)
    })
  })

  it('does not take a heartbeat without reply for a proof', () => {
    run(({ cold, expectObservable }) => {
      const flapping = cold('-o--#', { o }, closedWith(1006))
      const held = '         ^------------!'
      const states = '       co--w--dp--x'
      const answer = (): typeof NEVER => NEVER
      const { socket } = socketOn({ link: () => flapping, answer }, { heartbeatIntervalMs: 2 })

      expectObservable(socket.pipe(map(counted)), held).toBe(states, values)
    })
  })
})
