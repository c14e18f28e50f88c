import { presence, type Presences, type ServerChannel } from '../../lib/server/index.ts'
import { rawClient } from './raw-client.ts'
import { serverBench } from './server-bench.ts'

const start = serverBench()

describe('presence', () => {
  it('updates with a new ref that names the old one, and forgets who is gone', async () => {
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

    const first = presences.track(annsChannel, 'ann', { mood: 'good' }).phx_ref
    expect(() => presences.track(annsChannel, 'ann')).toThrow('tracked already')
    const second = presences.update(annsChannel, 'ann', { mood: 'bad' }).phx_ref
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
    expect(() => presences.update(annsChannel, 'ann', {})).toThrow('not tracked')
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

    const first = presences.track(channel, 'ann', { phx_ref: 'given', phx_ref_prev: 'given', mood: 'good' })
    const [read] = presences.list('room:a')['ann']?.metas ?? []
    expect(read).toEqual({ phx_ref: first.phx_ref, mood: 'good' })
    const second = presences.update(channel, 'ann', { ...read, typing: true })
    presences.update(channel, 'ann', presences.list('room:a')['ann']?.metas[0] ?? {})
    const refs = (await ann.take(3)).map((frame) => {
      const [, , , , { joins, leaves }] = frame as [never, never, never, never, Record<string, Presences>]
      return [joins, leaves].map((side) => side?.['ann']?.metas[0])
    })
    const third = presences.list('room:a')['ann']?.metas[0]?.phx_ref
    expect(new Set([first.phx_ref, second.phx_ref, third, 'given']).size).toBe(4)
    expect(refs[1]).toEqual([
      { phx_ref: second.phx_ref, phx_ref_prev: first.phx_ref, mood: 'good', typing: true },
      { phx_ref: first.phx_ref, mood: 'good' },
    ])
    expect(refs[2]?.[0]).toMatchObject({ phx_ref: third, phx_ref_prev: second.phx_ref })
  })
})
