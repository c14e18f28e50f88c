import { TestBed } from '@angular/core/testing'
import { patchState, signalStore, withMethods, withState } from '@ngrx/signals'
import { MemoryLevel } from 'memory-level'
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { outbox, type Outbox, type OutboxStore, StoreFailed } from '../../lib/durable/index.ts'
import { type Channel, ChannelClosed, InvalidArgument, phoenixSocket } from '../../lib/index.ts'
import { withChannel, withOutbox } from '../../lib/ngrx/index.ts'
import { useTestBed } from '../angular/test-bed.ts'
import { type Room, setup } from './setup.ts'

useTestBed()

type Make = (channel: Channel<Room>) => Outbox<Room>
let keys = 0
const stored =
  (database: OutboxStore = new MemoryLevel<string, string>()): Make =>
  (channel) =>
    outbox(channel, { store: database, newKey: () => `key-${(keys += 1)}` })
const ChatStore = (make: Make) => signalStore(withChannel({ topic: 'room:a' }), withOutbox<Room>(make))

/** The store of entries takes turns of the event loop: looks again until it does not fail. */
const soon = async <A>(look: () => A): Promise<A> => {
  for (;;)
    try {
      return look()
    } catch {
      await new Promise(setImmediate)
    }
}
const until = (condition: () => boolean): Promise<void> =>
  soon(() => {
    if (!condition()) throw new Error('not yet')
  })

beforeEach(() => {
  keys = 0
})

describe('withOutbox', () => {
  it('stores a push, sends it with a key, and shows what is not done yet', async () => {
    const { open, topic } = setup()
    const store = open(ChatStore(stored()))
    const states = lastValueFrom(store.enqueue('new_msg', { body: 'hello' }).pipe(toArray()))
    const push = await soon(() => topic.expectPush('new_msg', { body: 'hello', idempotency_key: 'key-1' }))
    await until(() => store.outbox().length === 1)
    push.reply({ id: '7' })
    expect(await states).toEqual([
      { status: 'queued' },
      { status: 'sending', attempt: 0 },
      { status: 'done', response: { id: '7' } },
    ])
    await until(() => store.outbox().length === 0)
    expect(store.outboxError()).toBeUndefined()
  })

  it('sends what an earlier visit has left', async () => {
    const database = new MemoryLevel<string, string>()
    const { open, topic, server } = setup()
    const earlier = stored(database)(phoenixSocket('ws://127.0.0.1:9/socket').channel<Room>('room:a'))
    await firstValueFrom(earlier.push('new_msg', { body: 'from the train' }))
    const store = open(ChatStore(stored(database)))
    const push = await soon(() => topic.expectPush('new_msg'))
    expect(push.payload).toEqual({ body: 'from the train', idempotency_key: 'key-1' })
    push.reply({ id: '1' })
    await until(() => store.outbox().length === 0)
    server.verify()
  })

  it('keeps what the server refuses, until it is sent again or taken out', async () => {
    const { open, topic } = setup()
    const store = open(ChatStore(stored()))
    const states = lastValueFrom(store.enqueue('new_msg', { body: '' }))
    const push = await soon(() => topic.expectPush('new_msg'))
    push.refuse({ reason: 'empty' })
    expect(await states).toMatchObject({ status: 'refused', error: { response: { reason: 'empty' } } })
    await until(() => store.outbox()[0]?.state.status === 'refused')
    await lastValueFrom(store.retryEntry('key-1'), { defaultValue: undefined })
    const again = await soon(() => topic.expectPush('new_msg'))
    again.refuse({ reason: 'still empty' })
    await lastValueFrom(store.flushOutbox(), { defaultValue: undefined })
    await lastValueFrom(store.discardEntry('key-1'), { defaultValue: undefined })
    await until(() => store.outbox().length === 0)
  })

  it('shows why entries cannot be read, and leaves the channel alone', async () => {
    const database = new MemoryLevel<string, string>()
    database.open = () => Promise.reject(new Error('no quota'))
    const { open } = setup()
    const store = open(ChatStore(stored(database)))
    await until(() => store.outboxError() !== undefined)
    expect(store.outboxError()).toBeInstanceOf(StoreFailed)
    expect([store.status(), store.outbox()]).toEqual(['resolved', []])
    await expect(firstValueFrom(store.enqueue('new_msg', { body: 'x' }))).rejects.toBeInstanceOf(StoreFailed)
  })

  it('follows the topic of the store, with one outbox for each', async () => {
    const made: string[] = []
    const database = new MemoryLevel<string, string>()
    const { open } = setup()
    const RoomStore = signalStore(
      withState<{ room: string | undefined }>({ room: undefined }),
      withChannel({ topic: ({ room }) => room() && `room:${room()}` }),
      withOutbox<Room>((channel) => {
        made.push(channel.topic)
        return stored(database)(channel)
      }),
      withMethods((store) => ({
        enter: (room: string | undefined): void => {
          patchState(store, { room })
          TestBed.tick()
        },
      })),
    )
    const store = open(RoomStore)
    await expect(firstValueFrom(store.enqueue('new_msg', { body: 'x' }))).rejects.toBeInstanceOf(
      ChannelClosed,
    )
    store.enter('b')
    await firstValueFrom(store.enqueue('new_msg', { body: 'to b' }))
    await until(() => store.outbox().length === 1)
    store.enter('c')
    expect(store.outbox()).toEqual([])
    store.enter('b')
    await until(() => store.outbox().length === 1)
    expect(made).toEqual(['room:b', 'room:c'])
  })

  it('throws InvalidArgument for what is no function, and without a channel before it', () => {
    const { open } = setup()
    expect(() => withOutbox({} as unknown as Make)).toThrow(InvalidArgument)
    expect(() => open(signalStore(withOutbox(stored() as never)))).toThrow(InvalidArgument)
  })
})
