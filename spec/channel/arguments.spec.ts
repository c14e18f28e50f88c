import { InvalidArgument, phoenixSocket } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'

const socket = phoenixSocket('ws://localhost/socket', { transport: fakePhoenix().transport })
const channel = socket.channel('room:a')

const half = [{ snapshot: 'all' }]
const nothing = [null]

const thrownBy = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

describe('misuse of a channel throws at the call and says what to do', () => {
  it.each<[string, () => unknown, string, unknown]>([
    ['an empty topic', () => socket.channel(''), 'topic', ''],
    ['an invalid topic', () => socket.channel(7 as never), 'topic', 7],
    ['a join timeout of 0', () => socket.channel('a', { joinTimeoutMs: 0 }), 'joinTimeoutMs', 0],
    ['a negative push timeout', () => socket.channel('a', { pushTimeoutMs: -1 }), 'pushTimeoutMs', -1],
    ['a linger that is no number', () => socket.channel('a', { lingerMs: NaN }), 'lingerMs', NaN],
    ['an invalid policy', () => socket.channel('a', { rejoin: 5 as never }), 'rejoin', 5],
    ['an invalid priority', () => socket.channel('a', { priority: NaN }), 'priority', NaN],
    ['an endless priority', () => socket.channel('a', { priority: Infinity }), 'priority', Infinity],
    ['a name to retain', () => socket.channel('a', { retain: 'state' as never }), 'retain', 'state'],
    ['half a pair to retain', () => socket.channel('a', { retain: half as never }), 'retain', half],
    ['nothing to retain', () => socket.channel('a', { retain: nothing as never }), 'retain', nothing],
    ['an empty event', () => channel.on(''), 'event', ''],
    ['an invalid event', () => channel.on(undefined as never), 'event', undefined],
    ['a reserved event to hear', () => channel.on('phx_reply'), 'event', 'phx_reply'],
    ['a reserved event to push', () => channel.push('phx_leave'), 'event', 'phx_leave'],
    ['a reserved event to send', () => channel.send('phx_join'), 'event', 'phx_join'],
    ['an empty event to push', () => channel.push(''), 'event', ''],
    ['a timeout of 0', () => channel.push('p', {}, { timeoutMs: 0 }), 'timeoutMs', 0],
    ['a timeout in place of options', () => channel.push('p', {}, 5000 as never), 'options', 5000],
    ['null for options of a push', () => channel.push('p', {}, null as never), 'options', null],
    ['null for options of a send', () => channel.send('p', {}, null as never), 'options', null],
    ['null for options of a channel', () => socket.channel('a', null as never), 'options', null],
    ['params in place of options', () => socket.channel('a', { name: 'ann' } as never), 'options', 'name'],
    ['an invalid decoder', () => channel.on('news', 1 as never), 'decode', 1],
  ])('throws InvalidArgument for %s', (_name, act, argument, value) => {
    const error = thrownBy(act)

    expect(error).toBeInstanceOf(InvalidArgument)
    expect(error).toMatchObject({ _tag: 'InvalidArgument', argument, value })
    expect((error as InvalidArgument).message).toMatch(/: (pass|the protocol keeps|no option of a channel)/)
  })

  it.each([
    ['the longest topic', () => socket.channel('ä'.repeat(1_000))],
    ['no linger', () => socket.channel('a', { lingerMs: 0 })],
    ['a priority below 0', () => socket.channel('a', { priority: -0.5 })],
    ['options that are undefined', () => socket.channel('a', { params: undefined })],
    ['no pairs to retain', () => socket.channel('a', { retain: [] })],
    ['an event of any other name', () => channel.on('phx_something')],
  ])('takes %s', (_name, act) => {
    expect(thrownBy(act)).toBeUndefined()
  })
})
