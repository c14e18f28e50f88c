import { BehaviorSubject, firstValueFrom, of } from 'rxjs'
import { InvalidArgument, phoenixSocket } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'

interface Device {
  os: string
  build?: number
}
interface User {
  id: string
  name: string | undefined
  device: Device
}
const user: User = { id: 'ann', name: undefined, device: { os: 'linux' } }
const url = 'ws://localhost/socket'

/** Never run: the compiler is the judge. */
const forms = (maybe: string | undefined): unknown[] => [
  phoenixSocket(url, { params: user }),
  phoenixSocket(url, { params: { user, tags: [user], none: undefined, nil: null } }),
  phoenixSocket(url, { params: () => user }),
  phoenixSocket(url, { params: () => Promise.resolve(user) }),
  phoenixSocket(url, { params: of(user) }),
  phoenixSocket(url, { authToken: () => maybe }),
  phoenixSocket(url, { authToken: () => Promise.resolve(maybe) }),
  phoenixSocket(url, { authToken: new BehaviorSubject<string | null>(null) }),
  phoenixSocket(url).channel('a', { params: user }),
  phoenixSocket(url).channel('a', { params: () => ({ user, none: undefined }) }),
  phoenixSocket(url).channel<{ join: { params: User } }>('a', { params: user }),
  // @ts-expect-error a symbol has no form in a query
  phoenixSocket(url, { params: { a: Symbol('a') } }),
  // @ts-expect-error a token is a text
  phoenixSocket(url, { authToken: 5 }),
]

describe('types of inputs', () => {
  it('take interfaces, undefined values and absent tokens', () => {
    expect(forms).toBeInstanceOf(Function)
  })

  it('leave undefined values out of what the server gets', async () => {
    const server = fakePhoenix()
    const room = phoenixSocket(url, { transport: server.transport, params: user }).channel('a', {
      params: user,
    })
    await firstValueFrom(room.push('p'))

    expect(server.sent[0]?.payload).toEqual({ id: 'ann', device: { os: 'linux' } })
  })
})

describe('a URL without a host where there is no page', () => {
  it('may be passed, and subscribing fails with InputFailed', async () => {
    const socket = phoenixSocket('/socket')
    expect(socket.state.status).toBe('idle')

    await expect(firstValueFrom(socket.channel('a').push('p'))).rejects.toMatchObject({
      _tag: 'InputFailed',
      input: 'url',
    })
  })

  it('may come from a function', async () => {
    const socket = phoenixSocket(() => '/socket', { reconnect: () => 'stop' })

    await expect(firstValueFrom(socket.channel('a').push('p'))).rejects.toMatchObject({
      _tag: 'InputFailed',
      input: 'url',
    })
  })

  it.each(['', 'socket', 'localhost:4000/socket', 'ftp://host/socket'])('does not make %j right', (wrong) => {
    expect(() => phoenixSocket(wrong)).toThrow(InvalidArgument)
  })
})
