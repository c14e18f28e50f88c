import { type Message } from '../../lib/index.ts'
import { chronicle } from './chronicle.ts'
import { Order } from './order.ts'

describe('the order of events', () => {
  const joined = { status: 'joined', response: {}, joinRef: '5', rejoined: false } as const
  const message = (joinRef: string | null): Message => ({
    topic: 'room:a',
    event: 'pushed',
    payload: {},
    ref: null,
    joinRef,
  })
  const violated = (happens: (order: Order) => void): string | undefined => {
    const told = chronicle()
    happens(new Order('client', told))
    return told.violation?.invariant
  }
  const hears =
    (...numbers: readonly number[]) =>
    (order: Order): void => {
      order.state(joined)
      for (const n of numbers) order.event({ n })
    }

  it('is kept by numbers that rise by one, and by a gap between two joins', () => {
    expect(violated(hears(3, 4, 5))).toBeUndefined()
    expect(
      violated((order) => {
        hears(3, 4)(order)
        order.state({ status: 'waiting' })
        order.state({ status: 'joining', attempt: 0 })
        hears(9, 10)(order)
        order.message(message('5'))
        order.message(message(null))
      }),
    ).toBeUndefined()
  })

  it('allows a broadcast to arrive twice after a rejoin on the same connection', () => {
    expect(
      violated((order) => {
        hears(3, 4)(order)
        order.state({ status: 'joining', attempt: 0 })
        hears(5, 5, 6, 6, 7)(order)
        for (const id of ['a', 'a', 'b']) order.event({ id })
      }),
    ).toBeUndefined()
  })

  it.each([
    [
      'events come once, in order',
      (order: Order): void => {
        hears(3)(order)
        order.state({ status: 'joining', attempt: 0 })
        hears(4, 4, 4)(order)
      },
    ],
    [
      'events come once, in order',
      (order: Order): void => {
        hears(3)(order)
        order.state({ status: 'waiting' })
        order.state({ status: 'joining', attempt: 0 })
        hears(4, 4)(order)
      },
    ],
    ['events come once, in order', hears(3, 4, 4)],
    ['events come once, in order', hears(3, 4, 3)],
    ['no event is lost while joined', hears(3, 5)],
    [
      'an event is delivered once',
      (order: Order): void => {
        order.event({ id: 'a' })
        order.event({ id: 'a' })
      },
    ],
    [
      'a topic is joining before it is joined',
      (order: Order): void => {
        order.state({ status: 'waiting' })
        order.state(joined)
      },
    ],
    [
      'nothing of an old join is delivered',
      (order: Order): void => {
        order.state(joined)
        order.message(message('4'))
      },
    ],
    [
      'nothing of an old join is delivered',
      (order: Order): void => {
        order.message(message('5'))
      },
    ],
  ])('is broken: %s', (invariant, happens) => {
    expect(violated(happens)).toBe(invariant)
  })
})
