import { type ChannelContract } from '../../lib/channel/contract.ts'
import { channel, error, ok, reply as answer } from '../../lib/server/index.ts'
import { rawClient, reply } from './raw-client.ts'
import { serverBench } from './server-bench.ts'

/** One contract for both sides. */
interface Room {
  join: { params: { nickname: string }; reply: { members: number } }
  events: { new_msg: { body: string } }
  pushes: {
    say: { payload: { body: string }; reply: { id: number } }
    wave: { payload: Record<string, never> }
  }
}
/** Compiles only if the client takes the contract as well. */
type Taken<C extends ChannelContract> = C

const start = serverBench()

describe('a channel with the contract of its client', () => {
  it('is typed by it, and runs', async () => {
    const room = channel<Taken<Room>, { nickname: string }>({
      join: ({ nickname }, joining) => {
        joining.assigns.nickname = nickname
        return nickname === '' ? error({ reason: 'who?' }) : ok({ members: 1 })
      },
      handleIn: {
        say: ({ body }, room) => {
          room.broadcast('new_msg', { body: `${room.assigns.nickname}: ${body}` })
          return body === '' ? answer('empty') : ok({ id: 7 })
        },
        wave: () => undefined,
      },
    })
    const { url } = await start({ channels: { 'room:*': room } })
    const client = await rawClient(url)
    client.send(['1', '1', 'room:a', 'phx_join', { nickname: 'ann' }])
    client.send(['1', '2', 'room:a', 'say', { body: 'hi' }])
    expect(await client.take(3)).toEqual([
      reply('1', '1', 'room:a', 'ok', { members: 1 }),
      [null, null, 'room:a', 'new_msg', { body: 'ann: hi' }],
      reply('1', '2', 'room:a', 'ok', { id: 7 }),
    ])
  })

  it('does not compile with another event, payload or answer', () => {
    channel<Room>({
      // @ts-expect-error -- the reply of the join has members
      join: () => ok({ wrong: 1 }),
      handleIn: {
        // @ts-expect-error -- the reply of say has an id
        say: () => ok({ wrong: 1 }),
        wave: (_payload, room) => {
          // @ts-expect-error -- the room has no such event
          room.push('other', {})
          // @ts-expect-error -- the payload has a body
          room.push('new_msg', {})
        },
      },
    })
    channel<Room>({
      handleIn: {
        // @ts-expect-error -- the room knows no such push
        shout: () => undefined,
      },
    })
    expect(channel({ handleIn: { anything: (payload) => ok(payload) } })).toHaveProperty('handleIn')
  })
})
