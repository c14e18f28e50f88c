import { jest } from '@jest/globals'
import { type ServerTrace } from '../../lib/server/index.ts'
import { guarded, printProblems, shown } from '../../lib/server/trace.ts'

describe('the default trace', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })

  it.each<readonly [ServerTrace, string | undefined]>([
    [
      { _tag: 'ChannelCrashed', topic: 'room:a', event: 'save', error: 'oops' },
      'channel "room:a" crashed at "save"',
    ],
    [{ _tag: 'JoinCrashed', topic: 'room:a', error: 'oops' }, 'the join of "room:a" crashed'],
    [{ _tag: 'ConnectCrashed', path: '/socket', error: 'oops' }, 'connect of "/socket" crashed'],
    [
      { _tag: 'MalformedFrame', path: '/socket', frame: 'xyz', error: {} },
      'a frame on "/socket" is not a message: xyz',
    ],
    [
      { _tag: 'NotEncodable', topic: 'room:a', event: 'save', error: {} },
      '"save" on "room:a" cannot be sent',
    ],
    [{ _tag: 'SlowConsumer', path: '/socket', bufferedBytes: 7 }, 'left 7 bytes unread'],
    [{ _tag: 'Opened', path: '/socket', transport: 'websocket', id: null }, undefined],
    [{ _tag: 'Joined', topic: 'room:a' }, undefined],
  ])('prints only problems that need fixing: %j', (event, text) => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    printProblems(event)
    const printed = print.mock.calls.map(([line]) => line as string)
    expect(printed).toHaveLength(text === undefined ? 0 : 1)
    expect(printed.join()).toContain(text ?? '')
  })
})

describe('a trace', () => {
  it('that throws harms nothing', () => {
    const trace = guarded(() => {
      throw new Error('oops')
    })
    expect(() => {
      trace({ _tag: 'Joined', topic: 'room:a' })
    }).not.toThrow()
  })

  it('shows the beginning of a frame, without secrets', () => {
    expect(shown(`{"token":"abc","x":"${'y'.repeat(300)}"}`)).not.toContain('abc')
    expect(shown('y'.repeat(300))).toHaveLength(200)
    expect(shown(new Uint8Array([1, 255]))).toBe('01ff')
  })
})
