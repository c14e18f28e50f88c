import { phoenixSocket } from '../../lib/index.ts'
import { fakePhoenix, type LinkScript } from '../../lib/testing/index.ts'
import { run } from '../support/run.ts'

describe('S6, S16: a payload that cannot be carried', () => {
  it('fails immediately, and the socket does not even connect', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const link = cold('---o', { o: 'open' as const })
      const { transport } = fakePhoenix({ link: (): LinkScript => link })
      const socket = phoenixSocket('ws://localhost/socket', { transport })

      expectObservable(socket.channel('room:a').push('echo', { n: 1n })).toBe(
        '#',
        {},
        expect.objectContaining({ _tag: 'InvalidPayload', topic: 'room:a', event: 'echo' }),
      )
      expectSubscriptions(link.subscriptions).toBe([])
    })
  })
})
