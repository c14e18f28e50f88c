import { ConnectionClosed, ConnectionFailed, PushTimeout } from '../../lib/index.ts'

const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer
const closed = { code: 1000, reason: '', wasClean: true }
const late = { topic: 'a', event: 'b', sent: true, timeoutMs: 5 }

describe('toEqual in this project', () => {
  it.each<[string, unknown, unknown]>([
    ['two buffers of other bytes', bytes(1), bytes(2)],
    ['two buffers of another length', bytes(1), bytes(1, 0)],
    ['a buffer and an array', bytes(1), Uint8Array.of(1)],
    ['two views of other bytes', new DataView(bytes(1, 2), 0, 1), new DataView(bytes(1, 2), 1, 1)],
    ['a buffer within an object', { a: [bytes(1)] }, { a: [bytes(2)] }],
    [
      'two errors with other facts',
      new ConnectionClosed(closed),
      new ConnectionClosed({ ...closed, wasClean: false }),
    ],
    [
      'two errors of other classes',
      new ConnectionFailed('x'),
      Object.assign(new PushTimeout(late), { message: 'x' }),
    ],
    [
      'two errors with other causes',
      new ConnectionFailed('x', { cause: 1 }),
      new ConnectionFailed('x', { cause: 2 }),
    ],
  ])('tells %s apart', (_case, one, other) => {
    expect(one).not.toEqual(other)
    expect(other).not.toEqual(one)
  })

  it.each<[string, unknown, unknown]>([
    ['buffers of the same bytes', bytes(1, 2), bytes(1, 2)],
    ['views of the same bytes', new DataView(bytes(0, 1), 1), new DataView(bytes(1))],
    ['errors with the same facts', new PushTimeout(late), new PushTimeout(late)],
    [
      'an error and what it is expected to hold',
      new PushTimeout(late),
      expect.objectContaining({ sent: true }),
    ],
  ])('takes %s for equal', (_case, one, other) => {
    expect(one).toEqual(other)
  })
})
