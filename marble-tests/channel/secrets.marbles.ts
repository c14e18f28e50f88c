import { inspect } from 'node:util'
import { of } from 'rxjs'
import { type Message, type TraceEvent, traceTo } from '../../lib/index.ts'
import { answerOk, errorTo, okTo } from '../../lib/testing/index.ts'
import { run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

describe('credentials in traces', () => {
  it('appear in no error, at any depth: not from join params, replies, refusals or states', () => {
    const seen: TraceEvent[] = []
    run(({ expectObservable }) => {
      const answer = (message: Message): ReturnType<typeof answerOk> => {
        if (message.topic === 'refused') return of(errorTo(message, { reason: 'no', token: 'S3CRET' }))
        return message.event === 'phx_join' ? of(okTo(message, { token: 'S3CRET' })) : answerOk(message)
      }
      const { socket } = socketOn(
        { answer },
        {
          trace: traceTo((event) => seen.push(event)),
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
