import { inspect } from 'node:util'
import { of } from 'rxjs'
import { type Message, serializerV2, type TraceEvent } from '../../lib/index.ts'
import { answerOk, errorTo, okTo } from '../../lib/testing/index.ts'
import { run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

describe('credentials in traces', () => {
  it('stand in none, however deep one looks: not from join params, replies, refusals or states', () => {
    const seen: TraceEvent[] = []
    run(({ expectObservable }) => {
      const answer = (message: Message): ReturnType<typeof answerOk> => {
        if (message.topic === 'refused') return of(errorTo(message, { reason: 'no', token: 'S3CRET' }))
        return message.event === 'phx_join' ? of(okTo(message, { token: 'S3CRET' })) : answerOk(message)
      }
      const { socket } = socketOn(
        { answer },
        {
          trace: (event) => seen.push(event),
          rejoin: () => 5,
          authToken: 'S3CRET',
          params: { token: 'S3CRET' },
        },
      )

      expectObservable(socket.channel('a', { params: { token: 'S3CRET' } }).on('news'), '^--!').toBe('')
      expectObservable(socket.channel('refused').on('news'), '^--!').toBe('')
    })
    expect(seen.map(({ type }) => type)).toContain('channel')
    expect(inspect(seen, { depth: Infinity, showHidden: true })).not.toContain('S3CRET')
  })
})

describe('S6: a serializer that throws', () => {
  it('fails the push with InvalidPayload, joined or not', () => {
    run(({ cold, expectObservable }) => {
      const serializer = {
        ...serializerV2,
        encode: (message: Message) => {
          if (message.event === 'boom') throw new Error('cannot')
          return serializerV2.encode(message)
        },
      }
      const { socket } = socketOn({ link: () => cold('--o', { o: 'open' as const }) }, { serializer })
      const channel = socket.channel('a')
      const error = expect.objectContaining({ _tag: 'InvalidPayload', event: 'boom' }) as unknown

      expectObservable(channel.on('news'), '^---------!').toBe('')
      expectObservable(channel.push('boom')).toBe('#', {}, error)
      expectObservable(channel.push('boom'), '-----^').toBe('-----#', {}, error)
    })
  })
})
