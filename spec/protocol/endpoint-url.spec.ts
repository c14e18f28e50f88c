import { left, right } from 'fp-ts/Either'
import { endpointUrl, type Params } from '../../lib/protocol/endpoint-url.ts'
import { InvalidArgument, withoutSecrets } from '../../lib/protocol/invalid-argument.ts'

interface Facts {
  readonly path?: 'websocket' | 'longpoll'
  readonly params?: Params
  readonly base?: string
}

const url = (mountPoint: string, { path = 'websocket', params = {}, ...rest }: Facts = {}): unknown =>
  endpointUrl(mountPoint, { path, params, vsn: '2.0.0', ...rest })

describe('the URL of an endpoint', () => {
  it.each([
    ['the mount point', 'wss://h/socket', 'wss://h/socket/websocket?vsn=2.0.0'],
    ['a mount point at the root', 'ws://h', 'ws://h/websocket?vsn=2.0.0'],
    ['a mount point of several segments', 'ws://h/a/b', 'ws://h/a/b/websocket?vsn=2.0.0'],
    ['one slash at the end', 'ws://h/socket/', 'ws://h/socket/websocket?vsn=2.0.0'],
    ['many slashes at the end', 'ws://h/socket///', 'ws://h/socket/websocket?vsn=2.0.0'],
    ['/websocket already', 'ws://h/socket/websocket', 'ws://h/socket/websocket?vsn=2.0.0'],
    ['/websocket/ already', 'ws://h/socket/websocket/', 'ws://h/socket/websocket?vsn=2.0.0'],
    ['the path of long polling', 'ws://h/socket/longpoll', 'ws://h/socket/websocket?vsn=2.0.0'],
    ['a mount point named websocket', 'ws://h/websocket/websocket', 'ws://h/websocket/websocket?vsn=2.0.0'],
    ['websocket as a part of a name', 'ws://h/mywebsocket', 'ws://h/mywebsocket/websocket?vsn=2.0.0'],
    ['http', 'http://h/socket', 'ws://h/socket/websocket?vsn=2.0.0'],
    ['https', 'https://h/socket', 'wss://h/socket/websocket?vsn=2.0.0'],
    ['a scheme in capitals', 'WSS://h/socket', 'wss://h/socket/websocket?vsn=2.0.0'],
    ['blanks around', '  ws://h/socket\n', 'ws://h/socket/websocket?vsn=2.0.0'],
    ['a port', 'ws://h:4000/socket', 'ws://h:4000/socket/websocket?vsn=2.0.0'],
    ['the usual port of the scheme', 'wss://h:443/socket', 'wss://h/socket/websocket?vsn=2.0.0'],
    ['the usual port of the other scheme', 'ws://h:443/socket', 'ws://h:443/socket/websocket?vsn=2.0.0'],
    ['an IPv6 address', 'ws://[::1]:4000/socket', 'ws://[::1]:4000/socket/websocket?vsn=2.0.0'],
    ['a host beyond ASCII', 'ws://zürich.example/s', 'ws://xn--zrich-kva.example/s/websocket?vsn=2.0.0'],
    ['a path beyond ASCII', 'ws://h/ö', 'ws://h/%C3%B6/websocket?vsn=2.0.0'],
    ['an escaped path', 'ws://h/a%2Fb%20c', 'ws://h/a%2Fb%20c/websocket?vsn=2.0.0'],
    ['user and password', 'wss://u:p%40@h/s', 'wss://u:p%40@h/s/websocket?vsn=2.0.0'],
    ['a user alone', 'wss://u@h/s', 'wss://u@h/s/websocket?vsn=2.0.0'],
    ['a password alone', 'wss://:p@h/s', 'wss://:p@h/s/websocket?vsn=2.0.0'],
    ['a fragment, which goes', 'ws://h/socket#top', 'ws://h/socket/websocket?vsn=2.0.0'],
    ['a query, which stays', 'ws://h/s?a=1&b=x+y&c', 'ws://h/s/websocket?a=1&b=x+y&c&vsn=2.0.0'],
    ['a query and a fragment', 'ws://h/s/?a=1#b', 'ws://h/s/websocket?a=1&vsn=2.0.0'],
    ['a vsn of its own, which is replaced', 'ws://h/s?vsn=1.0.0&a=1', 'ws://h/s/websocket?a=1&vsn=2.0.0'],
    ['two of them', 'ws://h/s?vsn=1&a=1&vsn=9', 'ws://h/s/websocket?a=1&vsn=2.0.0'],
  ])('is made from %s', (_what, mountPoint, expected) => {
    expect(url(mountPoint)).toEqual(right(expected))
  })

  it('has the scheme and path of long polling if asked for them', () => {
    for (const mount of ['wss://h/s', 'https://h/s/', 'wss://h/s/longpoll', 'wss://h/s/websocket'])
      expect(url(mount, { path: 'longpoll' })).toEqual(right('https://h/s/longpoll?vsn=2.0.0'))
    expect(url('ws://h:4000/s', { path: 'longpoll' })).toEqual(right('http://h:4000/s/longpoll?vsn=2.0.0'))
  })

  it('takes params as well, which come after the query and before vsn', () => {
    expect(url('ws://h/s?a=1', { params: { b: 'x y&', n: 1.5, t: true } })).toEqual(
      right('ws://h/s/websocket?a=1&b=x+y%26&n=1.5&t=true&vsn=2.0.0'),
    )
  })

  it('contains the version of the serializer, whatever vsn is in the params', () => {
    expect(url('ws://h/s', { params: { vsn: '1.0.0', a: 1 } })).toEqual(
      right('ws://h/s/websocket?a=1&vsn=2.0.0'),
    )
  })

  it.each([
    ['an absolute path', '/socket', 'wss://page.example:8443/socket/websocket?vsn=2.0.0'],
    ['a path relative to the page', 'live', 'wss://page.example:8443/app/live/websocket?vsn=2.0.0'],
    ['another host, same scheme', '//api.example/s', 'wss://api.example/s/websocket?vsn=2.0.0'],
    ['an absolute URL', 'ws://h/s', 'ws://h/s/websocket?vsn=2.0.0'],
  ])('may be relative to a page: %s', (_what, mountPoint, expected) => {
    expect(url(mountPoint, { base: 'https://page.example:8443/app/index.html?q=1#x' })).toEqual(
      right(expected),
    )
  })

  it.each([
    ['a path without a page', '/socket', 'it must be absolute, such as wss://example.com/socket'],
    ['nothing', '', 'it must be absolute, such as wss://example.com/socket'],
    ['an invalid port', 'ws://h:99999/s', 'it must be absolute, such as wss://example.com/socket'],
    ['another scheme', 'ftp://h/s', 'its scheme is ftp: and should be ws:, wss:, http: or https:'],
    [
      'a host without a scheme',
      'localhost:4000/s',
      'its scheme is localhost: and should be ws:, wss:, http: or https:',
    ],
  ])('cannot be made from %s', (_what, mountPoint, reason) => {
    expect(url(mountPoint)).toEqual(left(new InvalidArgument('url', mountPoint, reason)))
  })

  it('cannot be made relative to a page if it cannot be parsed, or is empty', () => {
    const base = 'https://page.example/app'
    expect(url('//[', { base })).toEqual(left(new InvalidArgument('url', '//[', 'it cannot be parsed')))
    expect(url('', { base })).toEqual(left(new InvalidArgument('url', '', 'it is empty')))
    expect(url('/s', { base: 'about:blank' })).toEqual(
      left(new InvalidArgument('url', '/s', 'it cannot be parsed')),
    )
    expect(url('/s', { base: 'file:///index.html' })).toMatchObject(left({ argument: 'url' }))
  })

  it('rejects what would vanish silently', () => {
    const given = [new URLSearchParams('a=1'), new Map([['a', 1]]), Promise.resolve({ a: 1 }), 'a=1', 5, null]
    for (const params of [...given, { a: new Map([['b', 1]]) }, { a: [new Set([1])] }])
      expect(url('ws://h/s', { params: params as unknown as Params })).toMatchObject(
        left({ argument: 'params', message: expect.stringContaining('plain data') as unknown }),
      )
  })

  it('sends a Date as its text', () => {
    expect(url('ws://h/s', { params: { since: new Date(0) } as unknown as Params })).toEqual(
      right('ws://h/s/websocket?since=1970-01-01T00%3A00%3A00.000Z&vsn=2.0.0'),
    )
  })

  it('rejects params that hold a cycle, a BigInt or a symbol, without throwing', () => {
    const cycle: Record<string, unknown> = { a: 1 }
    cycle['self'] = cycle
    for (const params of [cycle, { a: 1n }, { a: [Symbol('s')] }])
      expect(url('ws://h/s', { params: params as Params })).toEqual(
        left(
          new InvalidArgument(
            'params',
            params,
            'params must be plain data, without cycles; of a Map or URLSearchParams make Object.fromEntries(it)',
          ),
        ),
      )
  })
})

describe('a URL as it may be shown', () => {
  it.each([
    ['wss://h/socket', 'wss://h/socket'],
    ['wss://h:4000/a@b/c', 'wss://h:4000/a@b/c'],
    ['wss://h/socket?token=sesame', 'wss://h/socket'],
    ['wss://h/socket#sesame', 'wss://h/socket'],
    ['wss://h/socket?a=1\n&token=sesame', 'wss://h/socket'],
    ['wss://me:sesame@h/socket', 'wss://h/socket'],
    ['wss://me:open@sesame@h/socket', 'wss://h/socket'],
    ['wss://sesame@h', 'wss://h'],
    ['  wss:me:sesame@h/socket', '  wss:h/socket'],
    ['wss:\\\\me:sesame@h', 'wss:\\\\h'],
    ['//me:sesame@h/socket', '//h/socket'],
    ['/socket?token=sesame', '/socket'],
    ['', ''],
  ])('has neither query nor credentials: %j', (full, shown) => {
    expect(withoutSecrets(full)).toBe(shown)
  })
})
