import { Subject } from 'rxjs'
import { InvalidArgument, phoenixSocket, type SocketOptions } from '../../lib/index.ts'

const URL = 'ws://localhost/socket'
const cycle: Record<string, unknown> = {}
cycle['self'] = cycle

const given = (options: Record<string, unknown>): SocketOptions => options

const thrownBy = (call: () => unknown): unknown => {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

describe('phoenixSocket', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'connectTimeoutMs',
      { connectTimeoutMs: 0 },
      'connectTimeoutMs is 0: pass a number of milliseconds above 0',
    ],
    ['connectTimeoutMs', { connectTimeoutMs: -5 }, 'connectTimeoutMs is -5: pass'],
    ['connectTimeoutMs', { connectTimeoutMs: NaN }, 'connectTimeoutMs is NaN: pass'],
    ['connectTimeoutMs', { connectTimeoutMs: '5' }, 'connectTimeoutMs is "5": pass'],
    ['connectTimeoutMs', { connectTimeoutMs: Infinity }, 'connectTimeoutMs is Infinity: pass'],
    ['connectTimeoutMs', { connectTimeoutMs: Symbol('5') }, 'connectTimeoutMs is Symbol(5): pass'],
    ['lingerMs', { lingerMs: Symbol('5') }, 'lingerMs is Symbol(5): pass'],
    ['heartbeatIntervalMs', { heartbeatIntervalMs: -1 }, 'heartbeatIntervalMs is -1: pass'],
    ['joinTimeoutMs', { joinTimeoutMs: 0 }, 'joinTimeoutMs is 0: pass'],
    ['pushTimeoutMs', { pushTimeoutMs: 2 ** 31 }, 'pushTimeoutMs is 2147483648: pass'],
    ['lingerMs', { lingerMs: -1 }, 'lingerMs is -1: pass a number of milliseconds, 0 or more'],
    ['reconnect', { reconnect: 1000 }, 'reconnect is 1000: pass a function.'],
    ['transport', { transport: {} }, 'transport is an object: pass a function.'],
    ['rejoin', { rejoin: 'stop' }, 'rejoin is "stop": pass a function.'],
    ['trace', { trace: {} }, 'trace is an object: pass consoleTrace(), or traceTo(yourFunction).'],
    [
      'trace',
      { trace: () => undefined },
      'trace is a function: pass consoleTrace(), or traceTo(yourFunction).',
    ],
    ['wake', { wake: () => undefined }, 'wake is a function: pass an Observable.'],
    ['pause', { pause: true }, 'pause is true: pass an Observable.'],
    [
      'channelsPerConnection',
      { channelsPerConnection: 0 },
      'channelsPerConnection is 0: pass a whole number',
    ],
    ['joinsInFlight', { joinsInFlight: 1.5 }, 'joinsInFlight is 1.5: pass a whole number above 0.'],
    ['vsn', { vsn: '3.0.0' }, "vsn is \"3.0.0\": pass '2.0.0' or '1.0.0'"],
    ['vsn', { vsn: 'constructor' }, 'vsn is "constructor": pass'],
    [
      'serializer',
      { serializer: { encode: () => undefined } },
      'serializer is an object: pass an object with encode() and decode().',
    ],
    ['serializer', { serializer: 'json' }, 'serializer is "json": pass an object'],
    ['scheduler', { scheduler: Date }, 'scheduler is a function: pass an object with schedule() and now().'],
    ['scheduler', { scheduler: 5 }, 'scheduler is 5: pass an object'],
    ['params', { params: cycle }, 'params is "[redacted]": '],
    ['authToken', { authToken: '???' }, 'authToken is "[redacted]": its base64 form holds "/"'],
  ])(
    'throws for an unusable %s, and names it, the value and what to do: %j',
    (argument, options, message) => {
      const error = thrownBy(() => phoenixSocket(URL, given(options)))
      expect(error).toBeInstanceOf(InvalidArgument)
      expect(error).toMatchObject({ _tag: 'InvalidArgument', argument })
      expect((error as Error).message).toContain(message)
    },
  )

  it.each<[unknown, string]>([
    ['', 'url is "": it must be absolute'],
    ['socket', 'url is "socket": it must be absolute'],
    ['ftp://host/socket', 'url is "ftp://host/socket": its scheme is ftp:'],
    [undefined, 'url is undefined: pass the mount point'],
    [42, 'url is 42: pass the mount point'],
  ])('throws for the url %p', (url, message) => {
    const error = thrownBy(() => phoenixSocket(url as string))
    expect(error).toMatchObject({ _tag: 'InvalidArgument', argument: 'url' })
    expect((error as Error).message).toContain(message)
  })

  it('shows neither the query nor the credentials of a url', () => {
    const error = thrownBy(() => phoenixSocket('ftp://me:secret@host/socket?token=secret'))
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('secret')
  })

  it('takes every option that can work', () => {
    const socket = phoenixSocket(new Subject<string>(), {
      params: () => ({}),
      authToken: new Subject<string>(),
      vsn: '1.0.0',
      heartbeatIntervalMs: 0,
      lingerMs: 0,
      channelsPerConnection: Infinity,
      wake: new Subject(),
      pause: new Subject<boolean>(),
    })
    expect(socket.state).toEqual({ status: 'idle' })
  })
})
