import { NEVER, Subject, Subscription } from 'rxjs'
import { type LinkScript } from '../../lib/testing/index.ts'
import { broadcast, fakePhoenix } from '../../lib/testing/index.ts'
import { type Message, phoenixSocket, serializerV2 } from '../../lib/index.ts'
import { merge } from 'rxjs'

/** Counts calls of the methods of Map, Set and Array that the library could search with, while `act` runs. */
const countOperations = (act: () => void): number => {
  let operations = 0
  const counted: [object, string[]][] = [
    [Map.prototype, ['get', 'set', 'delete', 'values', 'forEach']],
    [Set.prototype, ['add', 'delete', 'has', 'forEach']],
    [Array.prototype, ['push', 'splice', 'shift', 'indexOf', 'find', 'filter', 'map', 'slice']],
  ]
  const restore = counted.flatMap(([prototype, names]) =>
    names.map((name) => {
      const original = Reflect.get(prototype, name) as (...args: unknown[]) => unknown
      const counting = function (this: { length?: number }, ...args: unknown[]): unknown {
        // What walks a list costs its length.
        operations += Array.isArray(this) && name !== 'push' ? Math.max(1, this.length) : 1
        return original.apply(this, args)
      }
      Object.defineProperty(prototype, name, { value: counting, configurable: true, writable: true })
      return () =>
        Object.defineProperty(prototype, name, { value: original, configurable: true, writable: true })
    }),
  )
  try {
    act()
  } finally {
    for (const undo of restore) undo()
  }
  return operations
}

const live = (count: number): { join: number; dispatch: number; leave: number; heard: number } => {
  const says: Subject<Message> = new Subject()
  const link = (): LinkScript => merge(openOnly, says)
  const { transport } = fakePhoenix({ link })
  const socket = phoenixSocket('ws://localhost/socket', { transport, serializer: serializerV2 })
  const topics = Array.from({ length: count }, (_, i) => `room:${i}`)
  const messages = topics.map((topic) => broadcast(topic, 'news', 1))
  const all = new Subscription()
  let heard = 0
  const join = countOperations(() => {
    for (const topic of topics)
      all.add(
        socket
          .channel(topic)
          .on('news')
          .subscribe(() => (heard += 1)),
      )
  })
  const dispatch = countOperations(() => {
    for (const message of messages) says.next(message)
  })
  const leave = countOperations(() => {
    all.unsubscribe()
  })
  expect(socket.state).toEqual({ status: 'idle' })
  return { join, dispatch, leave, heard }
}
const openOnly: LinkScript = merge(['open' as const], NEVER)

describe('ten thousand channels on one socket', () => {
  it('join, hear and leave, and the cost of each does not grow with their number', () => {
    const few = live(1_000)
    const many = live(10_000)

    expect(few.heard).toBe(1_000)
    expect(many.heard).toBe(10_000)
    for (const step of ['join', 'dispatch', 'leave'] as const) {
      expect([step, many[step] / few[step]]).toEqual([step, expect.closeTo(10, 0)])
    }
  })
})
