import { type Faults } from '../../lib/server/index.ts'
import { faultyBench } from './faulty-bench.ts'
import { type RawClient, reply } from './raw-client.ts'

const { joined } = faultyBench()

const leave = ['1', '2', 'room:a', 'phx_leave', {}]
const closed = ['1', '1', 'room:a', 'phx_close', {}]
const heartbeat = async ({ send, next }: RawClient): Promise<unknown> => {
  send([null, 'hb', 'phoenix', 'heartbeat', {}])
  return next()
}
const beat = reply(null, 'hb', 'phoenix', 'ok', {})

describe('faults of leaves', () => {
  it('leave them without an answer; phx_close comes all the same', async () => {
    const client = await joined({ leave: 'unanswered' })
    client.send(leave)
    expect(await client.next()).toEqual(closed)
    client.send(['1', '3', 'room:a', 'echo', {}])
    expect(await client.next()).toEqual(reply(null, '3', 'room:a', 'error', { reason: 'unmatched topic' }))
  })

  it('delay them; what is sent meanwhile is lost', async () => {
    const client = await joined({ leave: () => ({ delayMs: 20 }) })
    client.send(leave)
    client.send(['1', '3', 'room:a', 'echo', {}])
    expect(await heartbeat(client)).toEqual(beat)
    expect(await client.take(2)).toEqual([reply('1', '2', 'room:a', 'ok', {}), closed])
    expect(await heartbeat(client)).toEqual(beat)
  })

  it('let a join overtake a delayed leave, which is never answered', async () => {
    const client = await joined({ leave: { delayMs: 60_000 } })
    client.send(leave)
    client.send(['3', '3', 'room:a', 'phx_join', {}])
    expect(await client.take(2)).toEqual([reply('3', '3', 'room:a', 'ok', {}), closed])
    client.send(['3', '4', 'room:a', 'echo', { a: 1 }])
    expect(await client.next()).toEqual(reply('3', '4', 'room:a', 'ok', { a: 1 }))
  })

  it('double broadcasts after a join that replaced another one, and after no other', async () => {
    const client = await joined({ doubledBroadcasts: 2 })
    const broadcasts = ['one', 'two', 'three']
    const heard = async (): Promise<unknown> => {
      for (const event of broadcasts) client.server.broadcast('room:a', event, {})
      client.send([null, 'hb', 'phoenix', 'heartbeat', {}])
      const events: unknown[] = []
      for (;;) {
        const [, , topic, event] = (await client.next()) as unknown[]
        if (topic === 'phoenix') return events
        events.push(event)
      }
    }
    expect(await heard()).toEqual(broadcasts)
    client.send(['3', '3', 'room:a', 'phx_join', {}])
    expect(await client.take(2)).toEqual([reply('3', '3', 'room:a', 'ok', {}), closed])
    expect(await heard()).toEqual(['one', 'one', 'two', 'two', 'three'])
    expect(await heard()).toEqual(broadcasts)
  })

  it.each<readonly [string, Faults]>([
    ['an invalid word', { leave: 'maybe' as never }],
    ['an invalid delay', { leave: { delayMs: -1 } }],
    [
      'an error',
      {
        leave: () => {
          throw new Error('oops')
        },
      },
    ],
  ])('answer a leave for which they give %s', async (_name, faults) => {
    const client = await joined(faults)
    client.send(leave)
    expect(await client.take(2)).toEqual([reply('1', '2', 'room:a', 'ok', {}), closed])
  })

  it('leave nothing behind when the connection ends while a leave is late', async () => {
    const client = await joined({ leave: { delayMs: 60_000 } })
    client.send(leave)
    await heartbeat(client)
    await client.server.close() // a timer left over would keep the test run from ending
    expect(await client.closed).toBe(1012)
  })
})
