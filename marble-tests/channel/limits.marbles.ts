import { filter, map } from 'rxjs'
import { phoenixSocket } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'
import { answers, errorLike, kind, letter, refuse, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

describe('S17: more channels than one connection may have', () => {
  it('a refusal for that reason is TooManyChannels, which is not tried again by default', () => {
    run(({ expectObservable }) => {
      const answer = answers({ phx_join: refuse('too many channels joined') }, 2)
      const { transport, sent$ } = fakePhoenix({ answer })
      // Without a policy, since this is about the default.
      const channel = phoenixSocket('ws://localhost/socket', { transport }).channel('room:a')

      expectObservable(sent$.pipe(map(kind)), '^ 1m !').toBe('J')
      expectObservable(channel.on('x')).toBe('--#', {}, errorLike('TooManyChannels', { topic: 'room:a' }))
    })
  })

  it('channelsPerConnection spreads them, invisibly; a connection goes with its last channel', () => {
    run(({ expectObservable }) => {
      const { socket, server } = socketOn({}, { channelsPerConnection: 2 })
      const topics = ['a', 'b', 'c', 'd', 'e']

      expectObservable(server.targets$.pipe(map(() => 'x'))).toBe('-(xxx)')
      for (const topic of topics)
        expectObservable(
          socket.channel(topic).pipe(
            filter(({ status }) => status === 'joined'),
            map(letter),
          ),
          '-^------!',
        ).toBe('-J')
    })
  })
})
