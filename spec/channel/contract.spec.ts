import { type Either, right } from 'fp-ts/Either'
import { type Observable, of } from 'rxjs'
import { type Channel, type ChannelState, phoenixSocket } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'

interface RoomAsInterface {
  join: { params: { nickname: string }; reply: { members: number } }
  events: { new_msg: { body: string }; typing: undefined }
  pushes: { new_msg: { payload: { body: string }; reply: { id: string } }; ping: { reply: 'pong' } }
}
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- both forms must work
type RoomAsType = {
  join: { params: { nickname: string }; reply: { members: number } }
  events: { new_msg: { body: string }; typing: undefined }
  pushes: { new_msg: { payload: { body: string }; reply: { id: string } }; ping: { reply: 'pong' } }
}

const socket = phoenixSocket('ws://localhost/socket', { transport: fakePhoenix().transport })

/** Never run: the compiler is the judge, both of what it takes and of what it must not. */
const forms = (a: Channel<RoomAsInterface>, b: Channel<RoomAsType>): unknown[] => {
  const message$: Observable<{ body: string }> = a.on('new_msg')
  const reply$: Observable<{ id: string }> = b.push('new_msg', { body: 'hi' })
  const pong$: Observable<'pong'> = a.push('ping')
  const states$: Observable<ChannelState<RoomAsType>> = b
  const decoded$: Observable<Date> = a.on('new_msg', (): Either<string, Date> => right(new Date()))
  const state = a.state
  const members: number | undefined = state.status === 'joined' ? state.response.members : undefined
  const silent$: Observable<never> = a.send('new_msg', { body: 'hi' })

  // @ts-expect-error an event that the contract has not
  a.on('old_msg')
  // @ts-expect-error the same, of a type
  b.on('old_msg')
  // @ts-expect-error a payload of another type
  const wrong$: Observable<{ body: number }> = a.on('new_msg')
  // @ts-expect-error a push that the contract has not
  b.push('shout', {})
  // @ts-expect-error a payload of another type
  a.push('new_msg', { body: 1 })
  // @ts-expect-error a payload left out that the contract asks for
  b.push('new_msg')
  // @ts-expect-error a reply of another type
  const wrongReply$: Observable<{ id: number }> = b.push('new_msg', { body: 'hi' })
  // @ts-expect-error the same of send
  a.send('new_msg', { text: 'hi' })
  // @ts-expect-error a join reply of another type
  const wrongMembers: string | undefined = state.status === 'joined' ? state.response.members : undefined
  // @ts-expect-error join params of another type
  socket.channel<RoomAsInterface>('room:a', { params: { nick: 'ann' } })
  // @ts-expect-error the same from a function
  socket.channel<RoomAsType>('room:a', { params: () => ({ nickname: 1 }) })
  // @ts-expect-error the same from a stream
  socket.channel<RoomAsType>('room:a', { params: of({ nickname: 1 }) })
  // @ts-expect-error a contract of another form
  socket.channel<{ events: 'news' }>('room:a')

  return [message$, reply$, pong$, states$, decoded$, members, silent$, wrong$, wrongReply$, wrongMembers]
}

/** Without a contract everything is allowed, and what comes in is unknown. */
const untyped = (channel: Channel): unknown[] => {
  const payload$: Observable<unknown> = channel.on('anything')
  // @ts-expect-error unknown is not a string
  const text$: Observable<string> = channel.on('anything')
  return [
    payload$,
    text$,
    channel.push('p'),
    channel.push('p', { a: 1 }),
    channel.send('p', new ArrayBuffer(1)),
  ]
}

describe('typed contracts', () => {
  it('compile as an interface and as a type, and reject wrong events, payloads, replies and params', () => {
    expect(forms).toBeInstanceOf(Function)
    expect(untyped).toBeInstanceOf(Function)
  })

  it('take join params as a value, from a function, later, and from a stream', () => {
    const params = { nickname: 'ann' }
    const handles = [
      socket.channel<RoomAsInterface>('room:a', { params }),
      socket.channel<RoomAsType>('room:a', { params: ({ attempt }) => ({ nickname: String(attempt) }) }),
      socket.channel<RoomAsType>('room:a', { params: () => Promise.resolve(params) }),
      socket.channel<RoomAsInterface>('room:a', { params: of(params) }),
    ]

    expect(handles.map(({ topic }) => topic)).toEqual(Array(4).fill('room:a'))
  })
})
