import { type Channel, LongPoll, Presence, Socket, type SocketConnectOption } from 'phoenix'
import { WebSocket } from 'ws'
import { type ContractApp, startContractApp } from '../../contract-app/index.ts'
import { until } from '../until.ts'
import { once, outcome } from './outcome.ts'

// A push without a reply has a short time limit: its timer in the client outlives the connection.
let app: ContractApp
let sockets: Socket[] = []

beforeEach(async () => {
  app = await startContractApp()
})
afterEach(async () => {
  const open = sockets
  sockets = []
  await Promise.all(
    open.map((socket) =>
      once((done) => {
        socket.disconnect(() => {
          done(undefined)
        })
      }),
    ),
  )
  await app.close()
})

const connected = (options: Partial<SocketConnectOption> = {}, path = '/socket'): Socket => {
  const transport = WebSocket as unknown as SocketConnectOption['transport']
  const socket = new Socket(app.url + path, {
    transport,
    reconnectAfterMs: () => 20,
    rejoinAfterMs: () => 20,
    ...options,
  })
  sockets.push(socket)
  socket.connect()
  return socket
}

const joined = async (socket: Socket, topic: string, params: object = {}): Promise<Channel> => {
  const channel = socket.channel(topic, params)
  expect((await outcome(channel.join()))[0]).toBe('ok')
  return channel
}

const transports = [
  ['WebSocket', WebSocket],
  ['LongPoll', LongPoll],
] as unknown as readonly (readonly [string, SocketConnectOption['transport']])[]

describe.each(transports)('the official client over %s', (_name, transport) => {
  it('joins, pushes and gets the replies: ok, error, none', async () => {
    const channel = await joined(connected({ transport, params: { user_id: 'ann' } }), 'room:chat')
    expect(await outcome(channel.push('echo', { a: 1 }))).toEqual(['ok', { a: 1 }])
    expect(await outcome(channel.push('fail', { why: 'x' }))).toEqual(['error', { why: 'x' }])
    expect((await outcome(channel.push('noreply', {}, 50)))[0]).toBe('timeout')
    expect(await outcome(channel.push('whoami', {}))).toEqual([
      'ok',
      expect.objectContaining({ user_id: 'ann' }),
    ])
  })

  it('is refused a join, and joins after it has been refused', async () => {
    const socket = connected({ transport })
    expect(await outcome(socket.channel('room:no', { error: 'no entry' }).join())).toEqual([
      'error',
      { reason: 'no entry' },
    ])
    expect(await outcome(socket.channel('nosuch:topic').join())).toEqual([
      'error',
      { reason: 'unmatched topic' },
    ])
    await joined(socket, 'room:yes')
  })

  it('receives a broadcast of another client, and its own', async () => {
    const [ann, bob] = [connected({ transport }), connected({ transport, params: { user_id: 'bob' } })]
    const [annsRoom, bobsRoom] = [await joined(ann, 'room:chat'), await joined(bob, 'room:chat')]
    const heard = Promise.all([annsRoom, bobsRoom].map((room) => once((done) => room.on('new_msg', done))))
    expect(await outcome(bobsRoom.push('new_msg', { body: 'hi' }))).toEqual(['ok', {}])
    expect(await heard).toEqual([
      { body: 'hi', from: 'bob' },
      { body: 'hi', from: 'bob' },
    ])
  })

  it('rejoins by itself after the channel crashed', async () => {
    const channel = await joined(connected({ transport }), 'room:crash')
    const crashed = once((done) => channel.onError(done))
    channel.push('crash', {}, 50)
    await crashed
    expect(await outcome(channel.push('echo', { again: true }))).toEqual(['ok', { again: true }])
  })

  it('leaves', async () => {
    const channel = await joined(connected({ transport }), 'room:leave')
    const closed = once((done) => channel.onClose(done))
    expect((await outcome(channel.leave()))[0]).toBe('ok')
    await closed
    // The client takes its own word for it and does not wait for the server.
    await until(() => app.server.subscribers('room:leave') === 0)
  })

  it('carries an auth token', async () => {
    const channel = await joined(connected({ transport, authToken: 'secret' }), 'room:auth')
    expect(await outcome(channel.push('whoami', {}))).toEqual([
      'ok',
      expect.objectContaining({ auth_token: 'secret' }),
    ])
  })

  it('follows a presence', async () => {
    expect.assertions(3)
    const observer = connected({ transport }).channel('presence:p')
    const presence = new Presence(observer) // before the join: it must not miss the state
    expect((await outcome(observer.join()))[0]).toBe('ok')
    const keys = (): string => presence.list((key: string) => key).join()
    const ann = await joined(connected({ transport }), 'presence:p', {
      key: 'ann',
      meta: { device: 'phone' },
    })
    await until(() => keys() === 'ann')
    await joined(connected({ transport }), 'presence:p', { key: 'bob', meta: {} })
    await until(() => keys() === 'ann,bob')
    ann.leave()
    await until(() => keys() === 'bob')
  })

  it('comes back after the server has restarted', async () => {
    const { port } = app
    const socket = connected({ transport })
    const channel = await joined(socket, 'room:restart')
    const lost = once((done) => channel.onError(done))
    await app.close()
    await lost
    app = await startContractApp({ port })
    expect(await outcome(channel.push('echo', { back: true }))).toEqual(['ok', { back: true }])
  })
})

describe('the official client over WebSocket only', () => {
  it('sends and gets bytes', async () => {
    const channel = await joined(connected(), 'room:bytes')
    const bytes = new Uint8Array([0, 1, 254, 255]).buffer
    const pushed = once((done) => channel.on('binary_push', done))
    expect(await outcome(channel.push('binary_echo', bytes))).toEqual(['ok', bytes])
    channel.push('binary_push', bytes, 50)
    expect(await pushed).toEqual(bytes)
    const broadcast = once((done) => channel.on('binary_broadcast', done))
    channel.push('binary_broadcast', bytes, 50)
    expect(await broadcast).toEqual(bytes)
  })

  it('speaks version 1.0.0', async () => {
    const channel = await joined(
      connected({
        vsn: '1.0.0',
        encode: (message, done) => {
          void done(JSON.stringify(message))
        },
        decode: (text, done) => {
          void done(JSON.parse(text) as unknown)
        },
      }),
      'room:old',
    )
    expect(await outcome(channel.push('echo', { a: 1 }))).toEqual(['ok', { a: 1 }])
  })

  it('measures a heartbeat', async () => {
    const socket = connected()
    await once((done) =>
      socket.onOpen(() => {
        done(undefined)
      }),
    )
    expect(await once<number>((done) => socket.ping(done))).toBeGreaterThanOrEqual(0)
  })

  it('sends bytes over LongPoll as well', async () => {
    const channel = await joined(
      connected({ transport: LongPoll as unknown as SocketConnectOption['transport'] }),
      'room:bytes',
    )
    expect(await outcome(channel.push('binary_size', new Uint8Array(300).buffer))).toEqual([
      'ok',
      { size: 300 },
    ])
  })
})
