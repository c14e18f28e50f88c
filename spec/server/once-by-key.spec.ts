import {
  type AnswerStore,
  error,
  memoryAnswers,
  ok,
  onceByKey,
  type ReplyResult,
} from '../../lib/server/index.ts'
import { type RawClient, rawClient } from './raw-client.ts'
import { serverBench } from './server-bench.ts'

const start = serverBench()

type Pay = Readonly<Record<string, unknown>>

const joined = async (
  handler: ReturnType<typeof onceByKey<Pay>>,
): Promise<readonly [RawClient, RawClient]> => {
  const { url } = await start({ channels: { 'room:*': { handleIn: { pay: handler as never } } } })
  const clients = [await rawClient(url), await rawClient(url)] as const
  for (const client of clients) {
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    await client.next()
  }
  return clients
}
const pay = (client: RawClient, ref: string, payload: object, topic = 'room:a'): void => {
  client.send(['1', ref, topic, 'pay', payload])
}
const answers = async (client: RawClient, count: number): Promise<unknown> =>
  ((await client.take(count)) as unknown[][]).map((frame) => frame[4])
const paid = (n: number): unknown => ({ status: 'ok', response: { n } })

describe('onceByKey', () => {
  let runs = 0
  beforeEach(() => {
    runs = 0
  })
  const count = (): ReplyResult => ok({ n: ++runs })

  it('runs once for a key, and answers it the same however often it comes, on any connection', async () => {
    const [ann, bob] = await joined(onceByKey<Pay>(count))
    pay(ann, '2', { idempotency_key: 'k', sum: { a: 1, b: 2 } })
    pay(ann, '3', { idempotency_key: 'k', sum: { b: 2, a: 1 } })
    pay(ann, '4', { idempotency_key: 'other' })
    expect(await answers(ann, 3)).toEqual([paid(1), paid(1), paid(2)])
    pay(bob, '2', { idempotency_key: 'k', sum: { a: 1, b: 2 } })
    expect(await answers(bob, 1)).toEqual([paid(1)])
    expect(runs).toBe(2)
  })

  it('lets one that comes while the first is in hand wait for its answer', async () => {
    let settle: (answer: ReplyResult) => void = () => undefined
    const [ann, bob] = await joined(
      onceByKey<Pay>(() => {
        runs += 1
        return new Promise((resolve) => {
          settle = resolve
        })
      }),
    )
    pay(ann, '2', { idempotency_key: 'k' })
    pay(bob, '2', { idempotency_key: 'k' })
    bob.send([null, '3', 'phoenix', 'heartbeat', {}])
    await bob.next() // by then both are in hand
    settle(ok({ n: 7 }))
    expect([await answers(ann, 1), await answers(bob, 1)]).toEqual([[paid(7)], [paid(7)]])
    expect(runs).toBe(1)
  })

  it('keeps a refusal as well', async () => {
    const [ann] = await joined(onceByKey<Pay>(() => error({ n: ++runs })))
    pay(ann, '2', { idempotency_key: 'k' })
    pay(ann, '3', { idempotency_key: 'k' })
    const refused = { status: 'error', response: { n: 1 } }
    expect(await answers(ann, 2)).toEqual([refused, refused])
  })

  it('refuses a key that comes with another payload, and a push without a key', async () => {
    const [ann] = await joined(onceByKey<Pay>(count))
    pay(ann, '2', { idempotency_key: 'k', sum: 1 })
    pay(ann, '3', { idempotency_key: 'k', sum: 2 })
    pay(ann, '4', { sum: 2 })
    pay(ann, '5', { idempotency_key: 7 })
    const refused = (reason: string): unknown => ({ status: 'error', response: { reason } })
    expect(await answers(ann, 4)).toEqual([
      paid(1),
      refused('idempotency key used with another payload'),
      refused('no idempotency key'),
      refused('no idempotency key'),
    ])
    expect(runs).toBe(1)
  })

  it('keeps nothing of a handler that throws: its channel crashes, and a waiting push runs it again', async () => {
    let fail: (error: Error) => void = () => undefined
    const [ann, bob] = await joined(
      onceByKey<Pay>(() => {
        runs += 1
        return runs > 1
          ? ok({ n: runs })
          : new Promise((_resolve, reject) => {
              fail = reject
            })
      }),
    )
    pay(ann, '2', { idempotency_key: 'k' })
    pay(bob, '2', { idempotency_key: 'k' })
    bob.send([null, '3', 'phoenix', 'heartbeat', {}])
    await bob.next()
    fail(new Error('oops'))
    expect(await ann.next()).toEqual(['1', '1', 'room:a', 'phx_error', { reason: 'channel_crash' }])
    expect(await answers(bob, 1)).toEqual([paid(2)])
  })

  it.each([undefined, 'ok', null])(
    'crashes the channel of a handler that returns %j in place of its answer',
    async (result) => {
      const [ann] = await joined(onceByKey<Pay>(() => result as never))
      pay(ann, '2', { idempotency_key: 'k' })
      expect(await ann.next()).toEqual(['1', '1', 'room:a', 'phx_error', { reason: 'channel_crash' }])
    },
  )

  it('takes keys, scopes and stores of your own, and counts keys of other scopes as others', async () => {
    const kept = new Map<string, unknown>()
    const store: AnswerStore = {
      get: async (key) => Promise.resolve(kept.get(key) as never),
      set: async (key, answer) => {
        kept.set(key, answer)
        return Promise.resolve()
      },
    }
    const handler = onceByKey<Pay>(count, {
      key: (payload) => (payload as Pay)['id'],
      scope: ({ socket }) => socket.transport,
      store,
    })
    const [ann, bob] = await joined(handler)
    pay(ann, '2', { id: 'k' })
    pay(bob, '2', { id: 'k' })
    expect([await answers(ann, 1), await answers(bob, 1)]).toEqual([[paid(1)], [paid(1)]])
    expect([...kept.keys()]).toEqual(['["websocket","k"]'])
    const [own] = await joined(onceByKey<Pay>(count))
    own.send(['1', '2', 'room:b', 'phx_join', {}])
    await own.next()
    pay(own, '3', { idempotency_key: 'k' })
    own.send(['2', '4', 'room:b', 'pay', { idempotency_key: 'k' }])
    own.send([null, '5', 'room:b', 'pay', { idempotency_key: 'k' }])
    expect(await answers(own, 2)).toEqual([paid(2), paid(3)])
  })

  it('forgets the oldest answers of a memory that is full', async () => {
    const [ann] = await joined(onceByKey<Pay>(count, { store: memoryAnswers({ keep: 2 }) }))
    for (const key of ['a', 'b', 'c', 'b', 'a']) pay(ann, '2', { idempotency_key: key })
    expect(await answers(ann, 5)).toEqual([paid(1), paid(2), paid(3), paid(2), paid(4)])
  })

  it('throws at the call for something other than a handler', () => {
    expect(() => onceByKey(undefined as never)).toThrow('handler')
    expect(() => memoryAnswers({ keep: -1 })).toThrow('keep')
  })
})
