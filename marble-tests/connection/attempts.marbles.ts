import { ignoreElements, map, merge, NEVER } from 'rxjs'
import { type ConnectionState } from '../../lib/index.ts'
import { letters, run } from '../support/run.ts'
import { closedWith, inOrder, socketOn } from '../support/socket.ts'

const o = 'open' as const

const values = { ...letters, w: 'waiting 3' }
/** The number that each state shows. */
const numbers = map((state: ConnectionState) => ('attempt' in state ? String(state.attempt) : state.status))

describe('S9: counting attempts', () => {
  it('keeps counting while a server accepts and closes, so that there is no tight loop', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const flapping = cold('-o-#', { o }, closedWith(1000))
      const held = '         ^-------------!'
      const states = '       co-w--co-w--co'
      const attempts = '     00-1--11-2--22'
      const dials = ['       ^--!', '------^--!', '------------^-!']
      const { socket, words$ } = socketOn({ link: () => flapping })

      expectObservable(words$, held).toBe(states, values)
      expectObservable(socket.pipe(numbers), held).toBe(attempts)
      expectSubscriptions(flapping.subscriptions).toBe(dials)
    })
  })

  it('counts from zero again after the reply to the first heartbeat', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const refused = cold<'open'>(' -#', {}, closedWith(1006))
      const proved = cold('      -o---#', { o }, closedWith(1006))
      const held = '          ^---------!'
      const states = '        cw--co---w'
      const attempts = '      01--11---1'
      const { socket, words$ } = socketOn({ link: inOrder(refused, proved) }, { heartbeatIntervalMs: 2 })

      expectObservable(words$, held).toBe(states, values)
      expectObservable(socket.pipe(numbers), held).toBe(attempts)
      expectSubscriptions(refused.subscriptions).toBe('^!')
      expectSubscriptions(proved.subscriptions).toBe(' ----^----!')
    })
  })

  it('counts from zero again after the reply to a join, also a refusal', () => {
    run(({ cold, expectObservable }) => {
      const flapping = cold('-o-#', { o }, closedWith(1006))
      const held = '         ^---------!'
      const states = '       co-w--co-w'
      const attempts = '     00-1--11-1'
      const { socket, words$ } = socketOn({ link: () => flapping })
      const joined$ = socket.channel('room:a').pipe(ignoreElements())

      expectObservable(merge(words$, joined$), held).toBe(states, values)
      expectObservable(socket.pipe(numbers), held).toBe(attempts)
    })
  })

  it('does not take a heartbeat without reply for a proof', () => {
    run(({ cold, expectObservable }) => {
      const flapping = cold('-o--#', { o }, closedWith(1006))
      const held = '         ^------------!'
      const states = '       co--w--co--w'
      const attempts = '     00--1--11--2'
      const answer = (): typeof NEVER => NEVER
      const { socket, words$ } = socketOn({ link: () => flapping, answer }, { heartbeatIntervalMs: 2 })

      expectObservable(words$, held).toBe(states, values)
      expectObservable(socket.pipe(numbers), held).toBe(attempts)
    })
  })
})
