import { merge, of } from 'rxjs'
import { type Message } from '../../lib/index.ts'
import { broadcast, okTo, pushed } from '../../lib/testing/index.ts'
import { answers, errorLike, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer

describe('S13: binary payloads', () => {
  it.each<[string, unknown]>([
    ['an ArrayBuffer', bytes(1, 2, 255)],
    ['a typed array', Uint8Array.of(1, 2, 255)],
    ['a part of a buffer', new Uint8Array(bytes(0, 1, 2, 255, 9), 1, 3)],
    ['a DataView', new DataView(bytes(0, 1, 2, 255), 1)],
    ['a Buffer', Buffer.from([1, 2, 255])],
  ])('go out as %s, and come back as an ArrayBuffer in the reply', (_name, payload) => {
    run(({ expectObservable }) => {
      const { socket } = socketOn({
        answer: answers({ echo: (message: Message) => of(okTo(message, message.payload)) }),
      })

      expectObservable(socket.channel('room:a').push('echo', payload)).toBe('(b|)', { b: bytes(1, 2, 255) })
    })
  })

  it('come in as ArrayBuffers in pushes and broadcasts', () => {
    run(({ expectObservable, cold }) => {
      const server = '  ---p--b '
      const heard = '   ---p--b '
      const { socket } = socketOn({
        link: () =>
          saying(
            cold(server, {
              p: pushed('room:a', '1', 'data', bytes(1)),
              b: broadcast('room:a', 'data', bytes(2, 3)),
            }),
          ),
      })

      expectObservable(socket.channel('room:a').on('data'), '^-------!').toBe(heard, {
        p: bytes(1),
        b: bytes(2, 3),
      })
    })
  })

  it('may be answered by text, and text by bytes', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn({
        answer: answers({
          b: (message) => of(okTo(message, { size: 1 })),
          t: (message) => of(okTo(message, bytes(7))),
        }),
      })
      const channel = socket.channel('room:a')

      expectObservable(merge(channel.push('b', bytes(1)), channel.push('t', { a: 1 }))).toBe('(bt|)', {
        b: { size: 1 },
        t: bytes(7),
      })
    })
  })

  it('have no form in version 1.0.0, and no room for a name over 255 bytes: InvalidPayload', () => {
    run(({ expectObservable }) => {
      const v1 = socketOn({}, { vsn: '1.0.0' }).socket.channel('room:a')
      const v2 = socketOn().socket.channel('room:a')

      expectObservable(v1.push('p', bytes(1))).toBe('#', {}, errorLike('InvalidPayload'))
      expectObservable(v2.push('ü'.repeat(128), bytes(1))).toBe('#', {}, errorLike('InvalidPayload'))
      expectObservable(v2.push('ü'.repeat(127), bytes(1))).toBe('(r|)', { r: {} })
    })
  })
})
