import { type Observable } from 'rxjs'
import { type Channel, metrics, phoenixSocket, type PhoenixSocket, whenOpen } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'

interface Room {
  join: { params: { nickname: string }; reply: { members: number } }
  events: { new_msg: { body: string } }
  pushes: { new_msg: { payload: { body: string }; reply: { id: string } } }
}
interface VipRoom {
  events: { gift: { worth: number } }
}
interface Feed {
  events: { quake: { magnitude: number } }
}
interface Topics {
  'room:*': Room
  'room:vip:*': VipRoom
  'room:vip:hall': Feed
  'feed:quakes': Feed
}

const options = { transport: fakePhoenix().transport }

/** Never run: the compiler is the judge, both of what it accepts and of what it rejects. */
const forms = (socket: PhoenixSocket<Topics>, id: string): unknown[] => {
  const room: Channel<Room> = socket.channel('room:lobby', { params: { nickname: 'ann' } })
  const computed: Channel<Room> = socket.channel(`room:${id}`)
  const vip: Channel<VipRoom> = socket.channel('room:vip:a')
  const hall: Channel<Feed> = socket.channel('room:vip:hall')
  const feed: Channel<Feed> = socket.channel('feed:quakes')
  const body$: Observable<{ body: string }> = socket.channel('room:lobby').on('new_msg')
  const reply$: Observable<{ id: string }> = room.push('new_msg', { body: 'hi' })
  const asType: PhoenixSocket<{ 'room:*': Room }> = phoenixSocket('ws://localhost/socket')
  const untyped: PhoenixSocket = phoenixSocket('ws://localhost/socket')

  // @ts-expect-error a topic that the socket does not have
  socket.channel('lobby')
  // @ts-expect-error a longer topic than the pattern has
  socket.channel('feed:quakes:all')
  // @ts-expect-error any string is no topic of it
  socket.channel(id)
  // @ts-expect-error the contract is that of the topic
  socket.channel<Feed>('room:lobby')
  // @ts-expect-error an event of another contract
  socket.channel('room:lobby').on('quake')
  // @ts-expect-error the pattern with the longer prefix holds
  vip.on('new_msg')
  // @ts-expect-error a payload of another type
  room.push('new_msg', { body: 1 })
  // @ts-expect-error join params of another type
  socket.channel('room:lobby', { params: { nick: 'ann' } })
  // @ts-expect-error no contract
  phoenixSocket<{ 'room:*': 5 }>('ws://localhost/socket')

  return [
    room,
    computed,
    vip,
    hall,
    feed,
    body$,
    reply$,
    asType,
    untyped.channel<Room>(id),
    untyped.channel(id),
  ]
}

/** What takes any socket takes one with contracts, too. */
const asAnySocket = (socket: PhoenixSocket<Topics>): unknown[] => [whenOpen(socket), metrics(socket)]

describe('contracts by topic', () => {
  it('type the channels of a socket, and reject topics that it does not have', () => {
    expect(forms).toBeInstanceOf(Function)
    expect(asAnySocket).toBeInstanceOf(Function)
  })

  it('are types alone: the socket is the same', () => {
    const socket = phoenixSocket<Topics>('ws://localhost/socket', options)
    expect(socket.channel('room:lobby', { params: { nickname: 'ann' } }).topic).toBe('room:lobby')
  })
})
