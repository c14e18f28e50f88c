import { filter, firstValueFrom, map, take, toArray } from 'rxjs'
import { type Channel, phoenixSocket } from '../../lib/index.ts'
import { type PresenceState } from '../../lib/presence/presence-state.ts'
import { presence } from '../../lib/presence/presence.ts'
import { contractServer, type ContractServer, freshTopic, freshUser } from './support/server.ts'
import { soon } from './support/soon.ts'
import { when } from './support/settled.ts'
import { waysAndVersions } from './support/ways.ts'

let server: ContractServer
beforeAll(async () => {
  server = await contractServer()
})
afterAll(() => server.close())

/** The keys and how many metas each has: `ann 2`. */
const counted = (state: PresenceState): readonly string[] =>
  [...state].map(([key, { metas }]) => `${key} ${metas.length}`).sort()

const until = (state$: ReturnType<typeof presence>, expected: readonly string[]): Promise<PresenceState> =>
  firstValueFrom(state$.pipe(filter((state) => counted(state).join() === expected.join())))

describe.each(waysAndVersions)('presence over $over, version $vsn', ({ vsn, transport, mount }) => {
  let topic: string
  let prefix: string
  beforeEach(() => {
    topic = freshTopic().replace('room', 'presence')
    prefix = `${server.url}${mount}`
  })

  const join = (key?: string, meta: object = {}, user = freshUser()): Channel =>
    phoenixSocket(prefix, {
      vsn,
      transport,
      params: { user_id: user },
      reconnect: soon,
      rejoin: soon,
    }).channel(topic, { params: key === undefined ? {} : { key, meta } })

  it('lists presences with several metas under a key, and follows joins and leaves', async () => {
    const observer = presence(join())
    const held = observer.subscribe()
    const changes = firstValueFrom(
      observer.changes$.pipe(
        map(({ key, joined, left }) => `${key} +${joined.length} -${left.length}`),
        take(4),
        toArray(),
      ),
    )
    const phone = join('ann', { device: 'phone' }).subscribe()
    await until(observer, ['ann 1'])
    const tablet = join('ann', { device: 'tablet' }).subscribe()
    const state = await until(observer, ['ann 2'])
    expect(
      state
        .get('ann')
        ?.metas.map(({ device }) => device as string)
        .sort(),
    ).toEqual(['phone', 'tablet'])
    phone.unsubscribe()
    await until(observer, ['ann 1'])
    expect(counted(state)).toEqual(['ann 2'])
    tablet.unsubscribe()
    await until(observer, [])
    expect(await changes).toEqual(['ann +1 -0', 'ann +1 -0', 'ann +0 -1', 'ann +0 -1'])
    held.unsubscribe()
  })

  it('takes updates, and gives one key', async () => {
    const channel = join('ann', { mood: 'new' })
    const moods = firstValueFrom(
      presence(channel)
        .key$('ann')
        .pipe(
          filter((ann) => ann !== undefined),
          map(({ metas }) => metas.map(({ mood }) => mood)),
          take(2),
          toArray(),
        ),
    )
    const held = channel.subscribe()
    await until(presence(channel), ['ann 1'])
    await firstValueFrom(channel.push('update', { key: 'ann', meta: { mood: 'better' } }))
    expect(await moods).toEqual([['new'], ['better']])
    await firstValueFrom(channel.push('untrack', { key: 'ann' }))
    expect(await firstValueFrom(presence(channel).count$.pipe(filter((count) => count === 0)))).toBe(0)
    held.unsubscribe()
  })

  it('S14: is there immediately when it is first called long after the join', async () => {
    const channel = join('ann')
    const held = channel.subscribe()
    await when(channel, 'joined')
    await firstValueFrom(channel.push('track', { key: 'bob', meta: {} }))
    await firstValueFrom(channel.push('list'))
    const seen: (readonly string[])[] = []
    held.add(presence(channel).subscribe((state) => seen.push(counted(state))))
    expect(seen).toEqual([['ann 1', 'bob 1']])
    held.unsubscribe()
  })

  it('emits after a lost connection what changed meanwhile', async () => {
    const user = freshUser()
    const channel = join(undefined, {}, user)
    const observer = presence(channel)
    const held = observer.subscribe()
    const ann = join('ann').subscribe()
    await until(observer, ['ann 1'])
    const told = firstValueFrom(
      observer.changes$.pipe(
        map(({ key, after }) => `${key} ${after ? 'came' : 'went'}`),
        take(2),
        toArray(),
      ),
    )
    const bob = join('bob')
    await server.ctl(`kill_socket?user=${user}`)
    ann.unsubscribe()
    const stays = bob.subscribe()
    expect((await told).sort()).toEqual(['ann went', 'bob came'])
    expect(counted(await until(observer, ['bob 1']))).toEqual(['bob 1'])
    stays.unsubscribe()
    held.unsubscribe()
  })

  it('keeps what a server adds beside the metas', async () => {
    topic = topic.replace('presence', 'presence_fetch')
    const state = await firstValueFrom(presence(join('ann', { n: 1 })).pipe(filter((each) => each.size > 0)))
    expect(state.get('ann')).toMatchObject({ metas: [{ n: 1 }], user: { name: 'name of ann' } })
  })
})
