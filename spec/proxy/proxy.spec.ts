import { firstValueFrom, of, take, toArray } from 'rxjs'
import { reactive } from 'vue'
import {
  type Channel,
  inspect,
  metrics,
  type PhoenixSocket,
  phoenixSocket,
  presence,
} from '../../lib/index.ts'
import { liveState } from '../../lib/live-state/index.ts'
import { fakePhoenix, okTo, pushed } from '../../lib/testing/index.ts'

const members = (name: string): Record<string, unknown> => ({ [name]: { metas: [{ phx_ref: '1' }] } })

/** A socket on a server that sends a presence list, a state and a word after each join. */
const socketOf = (): PhoenixSocket =>
  phoenixSocket('ws://localhost/socket', {
    transport: fakePhoenix({
      answer: (message) =>
        message.event === 'phx_join'
          ? of(
              okTo(message),
              pushed('a', message.ref ?? '', 'presence_state', members('ann')),
              pushed('a', message.ref ?? '', 'state:change', { state: { n: 1 }, version: 0 }),
            )
          : of(okTo(message, 'pong')),
    }).transport,
  })

/** Wraps whatever is reached through it, as a store that tracks deeply does, and leaves methods to the proxy. */
const deep = <A extends object>(target: A): A =>
  new Proxy(target, {
    get: (object, key, receiver: unknown) => {
      const value: unknown = Reflect.get(object, key, receiver)
      return typeof value === 'object' && value !== null && !(value instanceof Map) ? deep(value) : value
    },
  })

/** What stands around an object that a user keeps in a store. */
const stores: readonly (readonly [string, <A extends object>(value: A) => A])[] = [
  ['a plain Proxy', (value) => new Proxy(value, {})],
  ['a Proxy that wraps deeply', deep],
  ['reactive of Vue', (value) => (reactive({ value }) as { value: typeof value }).value],
]

describe.each(stores)('behind %s', (_store, wrapped) => {
  it('every member of a socket works', async () => {
    const socket = wrapped(socketOf())
    expect(socket.state).toEqual({ status: 'idle' })
    expect(inspect(socket).connections).toHaveLength(1)
    expect((await firstValueFrom(metrics(socket))).pushes.pending).toBe(0)
    expect(await firstValueFrom(socket.pipe(take(2), toArray()))).toMatchObject([
      { status: 'connecting' },
      { status: 'open' },
    ])
    expect(await firstValueFrom(socket.ping())).toBeGreaterThanOrEqual(0)
    const measured = firstValueFrom(socket.latency$)
    await firstValueFrom(socket.ping())
    expect(await measured).toBeGreaterThanOrEqual(0)
    expect(socket.channel('a').topic).toBe('a')
  })

  it('every member of a channel works', async () => {
    const channel: Channel = wrapped(wrapped(socketOf()).channel('a', { params: of({ a: 1 }) }))
    expect(channel.topic).toBe('a')
    expect(channel.state).toEqual({ status: 'idle' })
    expect(await firstValueFrom(channel)).toEqual({ status: 'waiting' })
    expect(await firstValueFrom(channel.on('presence_state'))).toEqual(members('ann'))
    expect((await firstValueFrom(channel.messages$)).event).toBe('presence_state')
    expect(await firstValueFrom(channel.push('ping'))).toBe('pong')
    expect(await firstValueFrom(channel.send('ping').pipe(toArray()))).toEqual([])
  })

  it('presence and live state work', async () => {
    const channel = wrapped(wrapped(socketOf()).channel('a'))
    const present = wrapped(presence(channel))
    const state = wrapped(liveState<{ n: number }>(channel, { dialect: 'live-state' }))
    expect([...(await firstValueFrom(present)).keys()]).toEqual(['ann'])
    expect((await firstValueFrom(present.joins$)).key).toBe('ann')
    expect(await firstValueFrom(present.count$)).toBe(1)
    expect(await firstValueFrom(present.list((key) => key))).toEqual(['ann'])
    expect(await firstValueFrom(present.key$('ann'))).toMatchObject({ metas: [{ phx_ref: '1' }] })
    expect(await firstValueFrom(state)).toEqual({ n: 1 })
    expect(await firstValueFrom(state.version$)).toBe(0)
    expect(await firstValueFrom(state.select('n'))).toBe(1)
  })
})
