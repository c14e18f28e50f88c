import { map, throwError } from 'rxjs'
import { type ChannelState, type PhoenixSocket } from '../../lib/index.ts'
import { closed } from '../../lib/testing/index.ts'
import { answers, errorLike, letter, refuse, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

const IDLE = { status: 'idle' }

/** The states of `room:a` at some moments. */
const statesAt = (
  scheduler: { schedule: (work: () => void, atMs: number) => unknown },
  socket: PhoenixSocket,
  moments: readonly number[],
): ChannelState[] => {
  const states: ChannelState[] = []
  for (const atMs of moments) scheduler.schedule(() => states.push(socket.channel('room:a').state), atMs)
  return states
}

describe('S3: channel.state after the end of a channel', () => {
  it('is idle with the cause after a refused join, until somebody subscribes again', () => {
    const states = run(({ expectObservable }, scheduler) => {
      const { socket } = socketOn(
        { answer: answers({ phx_join: refuse('full') }, 2) },
        { rejoin: () => 'stop' },
      )
      const refused = errorLike('JoinRefused')

      expectObservable(socket.channel('room:a').on('x')).toBe('--#', {}, refused)
      expectObservable(socket.channel('room:a').on('x'), '------^-!').toBe('')
      return statesAt(scheduler, socket, [0, 3, 7, 9])
    })
    expect(states).toEqual([
      { status: 'joining', attempt: 0 },
      { status: 'idle', cause: errorLike('JoinRefused') },
      { status: 'joining', attempt: 0 },
      IDLE,
    ])
  })

  it('is closed after the server closed the channel, also within the completion', () => {
    const seen: unknown[] = []
    const states = run(({ cold, expectObservable }, scheduler) => {
      const { socket } = socketOn({ link: () => saying(cold('---x', { x: closed('room:a', '1') })) })
      const room = socket.channel('room:a')
      room.subscribe({ complete: () => seen.push(room.state) })

      expectObservable(room.pipe(map(letter))).toBe('J--(x|)')
      return statesAt(scheduler, socket, [5])
    })
    expect([...seen, ...states]).toEqual([{ status: 'closed' }, { status: 'closed' }])
  })

  it('is idle with the cause after the policy of the socket stopped', () => {
    const states = run(({ expectObservable }, scheduler) => {
      const { socket } = socketOn(
        { link: () => throwError(() => new Error('away')) },
        { reconnect: () => 'stop' },
      )

      expectObservable(socket.channel('room:a').on('x')).toBe('#', {}, errorLike('ConnectionFailed'))
      return statesAt(scheduler, socket, [2])
    })
    expect(states).toEqual([{ status: 'idle', cause: errorLike('ConnectionFailed') }])
  })

  it('is idle alone after the last unsubscribe', () => {
    const states = run(({ expectObservable }, scheduler) => {
      const { socket } = socketOn()

      expectObservable(socket.channel('room:a'), '^--!')
      return statesAt(scheduler, socket, [5])
    })
    expect(states).toEqual([IDLE])
  })

  it('is remembered for 1,000 topics at most', () => {
    run(({ flush }, scheduler) => {
      const { socket } = socketOn(
        { answer: answers({ phx_join: refuse('full') }) },
        { rejoin: () => 'stop', scheduler },
      )
      const rooms = Array.from({ length: 1_200 }, (_, i) => socket.channel(`room:${i}`))
      for (const room of rooms) room.subscribe({ error: () => undefined })
      flush()

      expect(rooms.filter(({ state }) => 'cause' in state)).toHaveLength(1_000)
      expect([rooms[0]?.state, rooms[1_199]?.state]).toEqual([
        IDLE,
        { status: 'idle', cause: errorLike('JoinRefused') },
      ])
    })
  })
})
