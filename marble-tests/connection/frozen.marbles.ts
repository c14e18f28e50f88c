import { EMPTY, map, tap } from 'rxjs'
import { type ConnectionState } from '../../lib/index.ts'
import { cut, letter, ok, saying, socketOn } from '../support/channel.ts'
import { run, word } from '../support/run.ts'

/** As a store's checks in development do to all that is put into it. */
const freezeDeep = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const key of Reflect.ownKeys(value)) freezeDeep((value as Record<PropertyKey, unknown>)[key])
}

describe('a state that a store keeps', () => {
  it('may be frozen, however deep that goes: the socket and its channels go on', () => {
    run(({ cold, expectObservable }) => {
      const link = '  -----#            '
      const held = '  ^----------------!'
      const states = '(co)-w--(co)      '
      const sees = '  (jJ)-w--(jR)      '
      const { socket } = socketOn({
        link: (index) => saying(index === 0 ? cold<never>(link, {}, cut()) : EMPTY),
        answer: ok(),
      })
      const shown$ = socket.pipe(
        tap((state) => {
          freezeDeep(state)
        }),
        map(({ status }) => status.charAt(0)),
      )

      expectObservable(shown$, held).toBe(states)
      expectObservable(
        socket.channel('room:a').pipe(
          tap((state) => {
            freezeDeep(state)
          }),
          map(letter),
        ),
        held,
      ).toBe(sees)
    })
  })

  it('can be cloned, printed and looked at through a proxy', () => {
    const states: ConnectionState[] = []
    run(({ expectObservable, flush }) => {
      const { socket } = socketOn()
      expectObservable(
        socket.pipe(
          tap((state) => states.push(state)),
          map(word),
        ),
        '^--!',
      ).toBe('(co)', {
        c: 'connecting',
        o: 'open',
      })
      flush()
    })
    const open = states.at(-1) as Extract<ConnectionState, { status: 'open' }>
    const plain = { status: 'open', attempt: 0, connection: { id: 1, bufferedAmount: 0 } }
    expect(structuredClone(open)).toEqual(plain)
    expect(JSON.parse(JSON.stringify(open))).toEqual(plain)
    expect(new Proxy(open.connection, {}).bufferedAmount).toBe(0)
  })
})
