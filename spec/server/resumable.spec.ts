import { error, type EventLog, memoryLog, ok, resumable } from '../../lib/server/index.ts'
import { type RawClient, rawClient } from './raw-client.ts'
import { serverBench } from './server-bench.ts'
import { until } from './until.ts'

const start = serverBench()

const client = async (
  channel: ReturnType<typeof resumable>,
): Promise<RawClient & { readonly join: (params: object, ref?: string) => Promise<unknown> }> => {
  const { url } = await start({ channels: { 'feed:*': channel } })
  const raw = await rawClient(url)
  return {
    ...raw,
    join: async (params, ref = '1') => {
      raw.send([ref, ref, 'feed:a', 'phx_join', params])
      return ((await raw.next()) as unknown[])[4]
    },
  }
}
const entry = (seq: number, joinRef = '1'): unknown => [
  joinRef,
  null,
  'feed:a',
  'added',
  { n: seq * 10, seq },
]
const filled = (count: number, keep?: number): ReturnType<typeof memoryLog> => {
  const log = memoryLog(keep === undefined ? {} : { keep })
  for (let n = 1; n <= count; n++) log.append('feed:a', 'added', { n: n * 10 })
  return log
}
const joined = (resumed: boolean, cursor: number | null): unknown => ({
  status: 'ok',
  response: { resumed, cursor },
})

describe('a resumable channel', () => {
  it('sends the entries after the cursor, then new ones, each once and in order', async () => {
    const log = filled(4)
    const { join, take, next } = await client(resumable(log))
    expect(await join({ after: 2 })).toEqual(joined(true, 2))
    log.append('feed:a', 'added', { n: 50 })
    log.append('feed:other', 'added', { n: 0 })
    expect(await take(3)).toEqual([entry(3), entry(4), entry(5)])
    log.append('feed:a', 'added', { n: 60 })
    expect(await next()).toEqual(entry(6))
  })

  it('begins with the next entry for a client without a cursor', async () => {
    const log = filled(4)
    const { join, next } = await client(resumable(log))
    expect(await join({})).toEqual(joined(false, 4))
    log.append('feed:a', 'added', { n: 50 })
    expect(await next()).toEqual(entry(5))
  })

  it.each([
    ['dropped', 3],
    ['never written', 99],
    ['of another log', 'abc'],
  ])(
    'says that it could not resume from an entry that was %s, and sends what there is',
    async (_name, after) => {
      const { join, take } = await client(resumable(filled(12, 5)))
      expect(await join({ after })).toEqual(joined(false, null))
      expect(await take(5)).toEqual([8, 9, 10, 11, 12].map((seq) => entry(seq)))
    },
  )

  it('sends a long log whole, in batches, with pushes answered in between', async () => {
    const channel = resumable(filled(1_000), { handleIn: { ping: () => ok({ pong: true }) } })
    const { join, send, take } = await client(channel)
    await join({ after: 0 })
    send(['1', '2', 'feed:a', 'ping', {}])
    const frames = (await take(1_001)) as unknown[][]
    const at = frames.findIndex((frame) => frame[3] === 'phx_reply')
    expect(at).toBeLessThan(1_000)
    expect(frames.filter((_frame, i) => i !== at)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => entry(i + 1)),
    )
  })

  it('resumes a join again and again, and leaves no listener behind', async () => {
    const log = filled(2)
    let listeners = 0
    const counted: EventLog = {
      ...log,
      subscribe: (topic, listener) => {
        listeners += 1
        const unsubscribe = log.subscribe(topic, listener)
        return () => {
          listeners -= 1
          unsubscribe()
        }
      },
    }
    const { join, next, ws } = await client(resumable(counted))
    await join({ after: 1 })
    expect(await next()).toEqual(entry(2))
    expect(await join({ after: 1 }, '7')).toEqual(joined(true, 1))
    expect([await next(), await next()]).toEqual([['1', '1', 'feed:a', 'phx_close', {}], entry(2, '7')])
    expect(listeners).toBe(1)
    ws.terminate()
    await until(() => listeners === 0)
  })

  it('crashes if the log drops entries that were not sent yet, so that the client rejoins and sees the gap', async () => {
    const log = filled(2)
    let dropped = false
    const { join, next, take } = await client(
      resumable({ ...log, after: (...args) => (dropped ? null : log.after(...args)) }),
    )
    await join({ after: 0 })
    await take(2)
    dropped = true
    log.append('feed:a', 'added', {})
    expect(await next()).toEqual(['1', '1', 'feed:a', 'phx_error', { reason: 'channel_crash' }])
  })

  it('keeps the rest of the channel: its refusals, its reply, its handlers, as methods of a class', async () => {
    class Feed {
      readonly word = 'mine'
      join(params: unknown): ReturnType<typeof ok> | ReturnType<typeof error> {
        return (params as { bad?: true }).bad ? error({ reason: 'bad' }) : ok({ word: this.word })
      }
      handleIn(): ReturnType<typeof ok> {
        return ok({ word: this.word })
      }
      handleInfo(message: unknown, channel: { push(event: string, payload: object): void }): void {
        channel.push('heard', { message, word: this.word })
      }
    }
    const { url, server } = await start({ channels: { 'feed:*': resumable(filled(0), new Feed()) } })
    const raw = await rawClient(url)
    raw.send(['1', '1', 'feed:a', 'phx_join', { bad: true }])
    raw.send(['2', '2', 'feed:a', 'phx_join', {}])
    raw.send(['2', '3', 'feed:a', 'anything', {}])
    expect(((await raw.take(3)) as unknown[][]).map((frame) => frame[4])).toEqual([
      { status: 'error', response: { reason: 'bad' } },
      { status: 'ok', response: { word: 'mine', resumed: false, cursor: 0 } },
      { status: 'ok', response: { word: 'mine' } },
    ])
    server.publish('feed:a', 'hello')
    expect(((await raw.next()) as unknown[])[4]).toEqual({ message: 'hello', word: 'mine' })
  })

  it('refuses an invalid cursor', async () => {
    const { join } = await client(resumable(filled(1)))
    expect(await join({ after: { seq: 1 } })).toMatchObject({ status: 'error' })
    expect(await join({ after: null }, '2')).toEqual(joined(false, 1))
  })

  it('throws at the call for something other than a log', () => {
    expect(() => resumable(undefined as never)).toThrow('log')
    expect(() => memoryLog({ keep: 0 })).toThrow('keep')
  })
})

describe('a log in memory', () => {
  it('keeps the newest entries and knows which it has dropped', () => {
    const log = filled(1_000, 10)
    expect(log.last('feed:a')).toBe(1_000)
    expect(log.after('feed:a', undefined, 99)).toHaveLength(10)
    expect(log.after('feed:a', 990, 99)).toHaveLength(10)
    expect(log.after('feed:a', 989, 99)).toBeNull()
    expect(log.after('feed:a', 1_000, 99)).toEqual([])
    expect(log.after('feed:a', 995, 2)).toMatchObject([{ cursor: 996 }, { cursor: 997 }])
    expect([log.last('feed:none'), log.after('feed:none', 0, 9)]).toEqual([0, []])
  })
})
