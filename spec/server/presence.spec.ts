import {
  error,
  presence,
  type PresenceResult,
  type Presences,
  type ServerChannel,
} from '../../lib/server/index.ts'
import { rawClient } from './raw-client.ts'
import { serverBench } from './server-bench.ts'

const start = serverBench()

const refOf = ({ response }: PresenceResult): string => (response as { readonly phx_ref: string }).phx_ref

describe('presence', () => {
  it.each([null, 7, 'text', ['a', 'list']])('crashes the channel for a meta of %j', async (meta) => {
    const presences = presence()
    const { url } = await start({
      channels: {
        'room:*': {
          handleIn: { track: (_given, channel) => presences.track(channel, 'ann', meta as never) },
        },
      },
    })
    const ann = await rawClient(url)
    ann.send(['1', '1', 'room:a', 'phx_join', {}])
    await ann.next()
    ann.send(['1', '2', 'room:a', 'track', {}])
    expect(await ann.next()).toEqual(['1', '1', 'room:a', 'phx_error', { reason: 'channel_crash' }])
  })

  it('gives errors that a handler passes on, and the channel lives', async () => {
    const presences = presence()
    const { url } = await start({
      channels: {
        'room:*': {
          handleIn: {
            track: (_given, channel) => presences.track(channel, 'ann'),
            update: (_given, channel) => presences.update(channel, 'zoe', {}),
          },
        },
      },
    })
    const ann = await rawClient(url)
    ann.send(['1', '1', 'room:a', 'phx_join', {}])
    await ann.next()
    for (const event of ['track', 'track', 'update']) ann.send(['1', event, 'room:a', event, {}])
    expect((await ann.take(4)).map((frame) => (frame as unknown[])[4])).toEqual([
      { joins: { ann: { metas: [{ phx_ref: expect.any(String) as string }] } }, leaves: {} },
      { status: 'ok', response: { phx_ref: expect.any(String) as string } },
      { status: 'error', response: { reason: 'already_tracked' } },
      { status: 'error', response: { reason: 'nopresence' } },
    ])
  })

  it('updates with a new ref that names the old one, and forgets keys that left', async () => {
    const presences = presence()
    const channels: ServerChannel[] = []
    const { url } = await start({
      channels: {
        'room:*': {
          join: (_params, channel) => {
            channels.push(channel)
          },
        },
      },
    })
    const [ann, observer] = [await rawClient(url), await rawClient(url)]
    ann.send(['1', '1', 'room:a', 'phx_join', {}])
    await ann.next()
    observer.send(['2', '2', 'room:a', 'phx_join', {}])
    await observer.next()
    const [annsChannel] = channels as [ServerChannel]

    const first = refOf(presences.track(annsChannel, 'ann', { mood: 'good' }))
    expect(presences.track(annsChannel, 'ann')).toEqual(error({ reason: 'already_tracked' }))
    const second = refOf(presences.update(annsChannel, 'ann', { mood: 'bad' }))
    presences.track(annsChannel, '__proto__', {})
    const diffs = (await observer.take(3)).map((frame) => (frame as unknown[])[4])
    expect(diffs[1]).toEqual({
      joins: { ann: { metas: [{ phx_ref: second, phx_ref_prev: first, mood: 'bad' }] } },
      leaves: { ann: { metas: [{ phx_ref: first, mood: 'good' }] } },
    })
    expect(Object.keys(presences.list('room:a'))).toEqual(['ann', '__proto__'])
    expect(({} as Record<string, unknown>)['metas']).toBeUndefined()

    annsChannel.stop({ error: 'oops' })
    const [, , , event, { leaves }] = (await observer.next()) as [
      unknown,
      unknown,
      unknown,
      string,
      { leaves: object },
    ]
    expect([event, Object.keys(leaves)]).toEqual(['presence_diff', ['ann', '__proto__']])
    expect(presences.list('room:a')).toEqual({})
    expect(presences.update(annsChannel, 'ann', {})).toEqual(error({ reason: 'nopresence' }))
    expect(() => presences.track(annsChannel, 'ann')).toThrow('has ended')
    expect(() => presences.track(annsChannel, '')).toThrow('key')
  })

  it('gives refs of its own to metas that hold some already, such as one that is read, changed and put back', async () => {
    const presences = presence()
    const { server, url } = await start({ channels: { 'room:*': {} } })
    const ann = await rawClient(url)
    ann.send(['1', '1', 'room:a', 'phx_join', {}])
    await ann.next()
    const [channel] = server.channels('room:a') as [ServerChannel]

    const first = refOf(
      presences.track(channel, 'ann', { phx_ref: 'given', phx_ref_prev: 'given', mood: 'good' }),
    )
    const [read] = presences.list('room:a')['ann']?.metas ?? []
    expect(read).toEqual({ phx_ref: first, mood: 'good' })
    const second = refOf(presences.update(channel, 'ann', { ...read, typing: true }))
    presences.update(channel, 'ann', presences.list('room:a')['ann']?.metas[0] ?? {})
    const refs = (await ann.take(3)).map((frame) => {
      const [, , , , { joins, leaves }] = frame as [never, never, never, never, Record<string, Presences>]
      return [joins, leaves].map((side) => side?.['ann']?.metas[0])
    })
    const third = presences.list('room:a')['ann']?.metas[0]?.phx_ref
    expect(new Set([first, second, third, 'given']).size).toBe(4)
    expect(refs[1]).toEqual([
      { phx_ref: second, phx_ref_prev: first, mood: 'good', typing: true },
      { phx_ref: first, mood: 'good' },
    ])
    expect(refs[2]?.[0]).toMatchObject({ phx_ref: third, phx_ref_prev: second })
  })
})
