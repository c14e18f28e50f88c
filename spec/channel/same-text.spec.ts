import { jest } from '@jest/globals'
import { phoenixSocket, steppedBackoff } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'

describe('functions with the same source text as options of one topic', () => {
  it('are reported once in development builds, unless this library made them', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    const socket = phoenixSocket('ws://localhost/socket', { transport: fakePhoenix().transport })
    const subscribe = (room: string) => [
      socket.channel(room, { params: () => ({}), rejoin: steppedBackoff([1], 2) }).subscribe(),
      socket.channel(room, { rejoin: steppedBackoff([1], 2) }).subscribe(),
    ]

    const subscriptions = subscribe('room:a')
    expect(warn).not.toHaveBeenCalled()

    subscriptions.push(...subscribe('room:a'), ...subscribe('room:b'), ...subscribe('room:b'))
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('"room:a"'))
    for (const each of subscriptions) each.unsubscribe()
    warn.mockRestore()
  })
})
