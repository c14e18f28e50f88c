import {
  ConnectionClosed,
  ConnectionFailed,
  ConnectionRefused,
  ConnectTimeout,
  HeartbeatTimeout,
  InputFailed,
} from '../../lib/protocol/connection-error.ts'
import { factsOf } from '../support/facts-of.ts'

describe('ConnectionRefused', () => {
  it('has the status, the body and when to come back', () => {
    const error = new ConnectionRefused({ status: 429, body: 'slow down', retryAfterMs: 2000 })
    expect(factsOf(error)).toEqual({
      _tag: 'ConnectionRefused',
      status: 429,
      body: 'slow down',
      retryAfterMs: 2000,
    })
    expect(factsOf(new ConnectionRefused({ status: 404 }))).toMatchObject({ status: 404, body: undefined })
  })

  it.each([
    [400, 'see body'],
    [401, 'check params, authToken, the Origin header and the sub-protocol'],
    [403, 'check params, authToken, the Origin header and the sub-protocol'],
    [404, 'pass the mount point, such as wss://host/socket, without /websocket'],
    [429, 'wait for retryAfterMs'],
    [500, 'the connect callback of the server raised, or the server is starting'],
    [503, 'the connect callback of the server raised, or the server is starting'],
  ])('names at status %d what to check, and does not quote the body', (status, advice) => {
    const error = new ConnectionRefused({ status, body: '{"token":"sesame"}' })
    expect(error.message).toContain(`HTTP status ${status}: `)
    expect(error.message).toContain(advice)
    expect(error.message).not.toContain('sesame')
  })
})

describe('ConnectionFailed', () => {
  it('has the reason in its message, the close code and the cause where there is one', () => {
    const cause = new Error('ECONNREFUSED')
    const error = new ConnectionFailed('check the address.', { code: 1006, cause })
    expect(factsOf(error)).toEqual({ _tag: 'ConnectionFailed', code: 1006, cause })
    expect(error.message).toBe('The connection could not be opened: check the address.')
    expect(factsOf(new ConnectionFailed('x'))).toEqual({ _tag: 'ConnectionFailed', code: undefined })
  })
})

describe('ConnectionClosed', () => {
  it('has code, reason and whether it was clean', () => {
    const facts = { code: 1001, reason: 'going away', wasClean: true }
    const error = new ConnectionClosed(facts)
    expect(factsOf(error)).toEqual({ _tag: 'ConnectionClosed', ...facts })
    expect(error.message).toContain('closed with code 1001 (going away)')
  })

  it.each([
    [1002, '"reconnect" decides what follows'],
    [1006, '"reconnect" decides what follows'],
    [1009, 'send smaller messages'],
  ])('advises at code %d what to do', (code, advice) => {
    const { message } = new ConnectionClosed({ code, reason: '', wasClean: false })
    expect(message).toContain(`closed with code ${code}`)
    expect(message).not.toContain('()')
    expect(message).toContain(advice)
  })
})

describe('the timeouts of a connection', () => {
  it('have their limit as a field and name the option to change', () => {
    const connect = new ConnectTimeout(10_000)
    expect(factsOf(connect)).toEqual({ _tag: 'ConnectTimeout', timeoutMs: 10_000 })
    expect(connect.message).toMatch(/10000 ms; raise connectTimeoutMs/)

    const heartbeat = new HeartbeatTimeout(30_000)
    expect(factsOf(heartbeat)).toEqual({ _tag: 'HeartbeatTimeout', timeoutMs: 30_000 })
    expect(heartbeat.message).toMatch(/30000 ms, .*"reconnect" decides/)
  })
})

describe('InputFailed', () => {
  it('names the option and has the error as its cause', () => {
    const cause = new Error('the session has expired')
    const error = new InputFailed('authToken', cause)
    expect(factsOf(error)).toEqual({ _tag: 'InputFailed', input: 'authToken', cause })
    expect(error.message).toBe('The option "authToken" could not be evaluated: the session has expired')
  })

  it('shows a text that was thrown', () => {
    expect(new InputFailed('url', 'no value within 5 ms').message).toMatch(/: no value within 5 ms$/)
  })

  it.each([[{ token: 'sesame' }], [Object.create(null) as unknown], [Symbol('x')], [5], [undefined]])(
    'does not try to show a cause that is neither an Error nor a string: case %#',
    (cause) => {
      const error = new InputFailed('authToken', cause)
      expect(error.message).toBe('The option "authToken" could not be evaluated: see cause.')
      expect(error.cause).toBe(cause)
    },
  )
})
