import { left, right } from 'fp-ts/Either'
import {
  type DecodeFailed,
  type Frame,
  type Message,
  type Serializer,
  serializerV2,
  traceTo,
} from '../../lib/index.ts'
import { broadcast } from '../../lib/testing/index.ts'
import { errorLike } from '../support/channel.ts'
import { letters, run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

/** As if TypeScript had not refused it. */
const giving = (given: unknown): never => given as never
const throwing = (): never => {
  throw new Error('cannot')
}

describe('a custom serializer', () => {
  it('reads with its own decode where the rest is that of version 2.0.0', () => {
    run(({ cold, expectObservable }) => {
      const serializer: Serializer = {
        ...serializerV2,
        decode: (frame) => {
          const decoded = serializerV2.decode(frame)
          return decoded._tag === 'Left' ? decoded : right({ ...decoded.right, payload: 'its own' })
        },
      }
      const link = cold<'open' | Message>('-o-m', { o: 'open', m: broadcast('a', 'news', 'that of 2.0.0') })
      const { socket } = socketOn({ link: () => link }, { serializer })

      expectObservable(socket.channel('a').on('news'), '^---!').toBe('---n', { n: 'its own' })
    })
  })

  it.each<[string, string, Serializer['decode']]>([
    ['throws', 'the serializer threw', throwing],
    ['gives nothing', 'the serializer threw', () => giving(undefined)],
    [
      'gives a message without an Either',
      'the serializer gave no message',
      () => giving(broadcast('a', 'news')),
    ],
    ['gives a Promise', 'the serializer gave no message', () => giving(Promise.resolve())],
    ['gives a Right of nothing', 'the serializer gave no message', () => giving(right(undefined))],
    [
      'gives a message without a topic',
      'the serializer gave no message',
      () => giving(right({ event: 'news' })),
    ],
    ['gives a Left', 'no such thing', () => left({ _tag: 'NotAMessage', reason: 'no such thing' })],
  ])('S12: costs a frame and not the connection if its decode %s', (_case, reason, decode) => {
    const failures: DecodeFailed[] = []
    run(({ cold, expectObservable }) => {
      const bad = '["bad"]'
      const serializer: Serializer = {
        ...serializerV2,
        decode: (frame) => (frame === bad ? decode(frame) : serializerV2.decode(frame)),
      }
      const link = cold<'open' | Message | { raw: Frame }>('-o-b-m', {
        o: 'open',
        b: { raw: bad },
        m: broadcast('a', 'news', { n: 1 }),
      })
      const { socket, words$ } = socketOn(
        { link: () => link },
        {
          serializer,
          trace: traceTo((event) => {
            if (event.type === 'decode-failed') failures.push(event.error)
          }),
        },
      )

      expectObservable(words$, '^-----!').toBe('co', letters)
      expectObservable(socket.channel('a').on('news'), '^-----!').toBe('-----n', { n: { n: 1 } })
    })
    expect(failures.map(({ message }) => message)).toEqual([
      `A frame could not be decoded and was skipped (${reason}): ["bad"]`,
    ])
  })

  it.each<[string, string, Serializer['encode']]>([
    ['throws', 'the serializer threw', throwing],
    ['gives nothing', 'the serializer threw', () => giving(undefined)],
    ['gives a text without an Either', 'neither a text nor a Uint8Array', () => giving('text')],
    ['gives a Right of an object', 'neither a text nor a Uint8Array', () => giving(right({}))],
    [
      'gives a Right of an ArrayBuffer',
      'neither a text nor a Uint8Array',
      () => giving(right(new ArrayBuffer(1))),
    ],
  ])('S6: fails a push with InvalidPayload, joined or not, if its encode %s', (_case, reason, encode) => {
    run(({ cold, expectObservable }) => {
      const serializer: Serializer = {
        ...serializerV2,
        encode: (message) => (message.event === 'boom' ? encode(message) : serializerV2.encode(message)),
      }
      const { socket, words$ } = socketOn({ link: () => cold('--o', { o: 'open' as const }) }, { serializer })
      const channel = socket.channel('a')
      const error = errorLike('InvalidPayload', {
        event: 'boom',
        reason: expect.stringContaining(reason) as unknown,
      })

      expectObservable(words$, '^---------!').toBe('c-o', letters)
      expectObservable(channel.on('news'), '^---------!').toBe('')
      expectObservable(channel.push('boom')).toBe('#', {}, error)
      expectObservable(channel.push('boom'), '-----^').toBe('-----#', {}, error)
    })
  })
})
